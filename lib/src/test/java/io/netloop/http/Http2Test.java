package io.netloop.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What the tests of a server of HTTP/2 need. */
abstract class Http2Test extends ServerTest {
  static final Http2Options KNOWN = Http2Options.defaults().withPriorKnowledge(true);
  static final HttpServerOptions HTTP2 = DEFAULTS.withHttp2(KNOWN);

  private final List<FrameClient> frameClients = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeFrameClients() throws IOException {
    for (FrameClient client : frameClients) {
      client.close();
    }
  }

  HttpServer serveHttp2(RequestListener onRequest) {
    return serve(HTTP2, onRequest);
  }

  HttpServer serveHttp2(Http2Options options, RequestListener onRequest) {
    return serve(DEFAULTS.withHttp2(options.withPriorKnowledge(true)), onRequest);
  }

  /** A client that has said hello. */
  FrameClient greet(HttpServer server, int... settings) throws IOException {
    onLoop(() -> null);
    FrameClient client = FrameClient.greet(server.address().port(), settings);
    frameClients.add(client);
    return client;
  }

  FrameClient bare(HttpServer server) throws IOException {
    onLoop(() -> null);
    FrameClient client = new FrameClient(server.address().port());
    frameClients.add(client);
    return client;
  }
}
