package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** In which order events are told, as Node 20 has told them of the same bytes. */
class ClientEventsTest extends ClientTest {
  @Test
  void getsAPageFromOurOwnServer() {
    HttpServer server = serve((request, response) -> response.end("Hello " + request.url()));

    Exchange exchange = get(to(server).withPath("/a?b=c"));

    exchange.isExactly(
        "C socket",
        "C finish",
        "C response 200",
        "P data Hello /a?b=c",
        "P end",
        "C close",
        "P close true");
    assertThat(exchange.response.join().headers().get("content-length")).isEqualTo("12");
  }
}
