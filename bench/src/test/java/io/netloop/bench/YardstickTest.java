package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** That the yardstick does the work that it is taken for. */
final class YardstickTest {
  private static final String REQUESTS =
      """
      GET / HTTP/1.1\r
      Host: a\r
      \r
      GET /second HTTP/1.1\r
      Host: b\r
      Accept: */*\r
      \r
      """;

  @Test
  void answersEachOfThePipelinedRequestsInOneBuffer() {
    EmbeddedChannel channel = new EmbeddedChannel(new Yardstick());

    channel.writeInbound(bytes(REQUESTS));

    ByteBuf out = channel.readOutbound();
    assertThat(answers(out.toString(StandardCharsets.US_ASCII))).isEqualTo(2);
    assertThat(channel.<Object>readOutbound()).isNull();
    out.release();
    channel.finish();
  }

  @Test
  void findsTheEndOfAHeadWhereverReadsCutIt() {
    for (int cut = 1; cut < REQUESTS.length(); cut++) {
      for (int next = cut; next < REQUESTS.length(); next++) {
        EmbeddedChannel channel = new EmbeddedChannel(new Yardstick());
        channel.writeInbound(bytes(REQUESTS.substring(0, cut)));
        channel.writeInbound(bytes(REQUESTS.substring(cut, next)));
        channel.writeInbound(bytes(REQUESTS.substring(next)));

        assertThat(answers(written(channel))).as("cut at %d and %d", cut, next).isEqualTo(2);
      }
    }
  }

  @Test
  void answersNothingBeforeTheEndOfAHead() {
    EmbeddedChannel channel = new EmbeddedChannel(new Yardstick());

    channel.writeInbound(bytes("GET / HTTP/1.1\r\nHost: a\r\n"));
    assertThat(channel.<Object>readOutbound()).isNull();

    channel.writeInbound(bytes("\r\n"));
    assertThat(written(channel))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nDate: ", "\r\nContent-Length: 13\r\n")
        .endsWith("\r\n\r\nHello, World!");
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static String written(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    ByteBuf out;
    while ((out = channel.readOutbound()) != null) {
      text.append(out.toString(StandardCharsets.US_ASCII));
      out.release();
    }
    channel.finish();
    return text.toString();
  }

  private static int answers(String text) {
    return text.split("HTTP/1.1 200 OK\r\n", -1).length - 1;
  }
}
