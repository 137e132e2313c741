package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** That nobody is measured who opens no WebSocket or sends back something else. */
@EnabledOnOs(OS.LINUX)
final class OpeningTest {
  private static final String END = "\r\n\r\n";
  private static final String ACCEPTED =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
          + END;
  private static final byte[] PAYLOAD = Frames.payload(64);
  private static final byte[] ECHO = Frames.fromServer(Frames.TEXT, PAYLOAD);

  private Script server;

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  @Test
  void takesAWebSocketThatSendsTheMessageBack() throws Exception {
    answer(bytes(ACCEPTED), ECHO);

    assertThat(ask()).isEqualTo(1);
  }

  @Test
  void takesAHeadThatComesInTwoPieces() throws Exception {
    answer(bytes(ACCEPTED.substring(0, 40)), bytes(ACCEPTED.substring(40)), ECHO);

    assertThat(ask()).isEqualTo(1);
  }

  @Test
  void refusesAnAnswerThatIsNot101() throws Exception {
    answer(bytes("HTTP/1.1 426 Upgrade Required" + END));

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it opened no WebSocket, but answered [HTTP/1.1 426 Upgrade Required, ]");
  }

  @Test
  void refusesTheKeyOfAnother() throws Exception {
    answer(bytes(ACCEPTED.replace("s3pP", "AAAA")));

    assertThatIOException().isThrownBy(this::ask).withMessageContaining("AAAALMBiTxaQ9k");
  }

  @Test
  void refusesAnotherMessageOfTheSameLength() throws Exception {
    byte[] other = ECHO.clone();
    other[other.length - 1] = 'y';
    answer(bytes(ACCEPTED), other);

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it answered 66 bytes that are not the message");
  }

  @Test
  void refusesAMessageThatComesUnasked() throws Exception {
    byte[] early = (ACCEPTED + "x").getBytes(US_ASCII);
    answer(early);

    assertThatIOException().isThrownBy(this::ask).withMessageContaining("it opened no WebSocket");
  }

  @Test
  void refusesAMaskedAnswer() throws Exception {
    answer(bytes(ACCEPTED), Frames.fromClient(Frames.TEXT, PAYLOAD));

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it answered 70 bytes that are not the message");
  }

  @Test
  void saysThatAServerHasClosed() throws Exception {
    answer();

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessageContaining("the server has closed a connection");
  }

  private int ask() throws IOException {
    try (Connections connections = new Connections(server.port(), 1, Linux.EPOLLIN)) {
      Opening.once(connections, 0, Dialect.PLAIN);
      return connections.size();
    }
  }

  /** Answers one connection: heads as soon as it asks, a frame when its message has come. */
  private void answer(byte[]... parts) throws IOException {
    server =
        new Script((in, out) -> {
          Script.readHead(in);
          if (parts.length == 0) {
            throw new IOException("the server goes");
          }
          for (byte[] part : parts) {
            if (part[0] == ECHO[0]) {
              in.readNBytes(Frames.fromClient(Frames.TEXT, PAYLOAD).length);
            }
            out.write(part);
          }
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
