package io.netloop.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private ServerSocket server;
  private Thread thread;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    thread.join();
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
  void refusesAnAnswerThatIsNot101() {
    answer(bytes("HTTP/1.1 426 Upgrade Required" + END));

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it opened no WebSocket, but answered [HTTP/1.1 426 Upgrade Required, ]");
  }

  @Test
  void refusesTheKeyOfAnother() {
    answer(bytes(ACCEPTED.replace("s3pP", "AAAA")));

    assertThatIOException().isThrownBy(this::ask).withMessageContaining("AAAALMBiTxaQ9k");
  }

  @Test
  void refusesAnotherMessageOfTheSameLength() {
    byte[] other = ECHO.clone();
    other[other.length - 1] = 'y';
    answer(bytes(ACCEPTED), other);

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it answered 66 bytes that are not the message");
  }

  @Test
  void refusesAMaskedAnswer() {
    answer(bytes(ACCEPTED), Frames.fromClient(Frames.TEXT, PAYLOAD));

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessage("it answered 70 bytes that are not the message");
  }

  @Test
  void saysThatAServerHasClosed() {
    answer();

    assertThatIOException()
        .isThrownBy(this::ask)
        .withMessageContaining("the server has closed a connection");
  }

  private int ask() throws IOException {
    try (Connections connections = new Connections(server.getLocalPort(), 1, Linux.EPOLLIN)) {
      Opening.once(connections, 0);
      return connections.size();
    }
  }

  /** Answers one connection: heads as soon as it asks, a frame when its message has come. */
  private void answer(byte[]... parts) {
    thread =
        Thread.ofPlatform()
            .start(() -> {
              try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                readHead(socket.getInputStream());
                for (byte[] part : parts) {
                  if (part[0] == ECHO[0]) {
                    socket
                        .getInputStream()
                        .readNBytes(Frames.fromClient(Frames.TEXT, PAYLOAD).length);
                  }
                  socket.getOutputStream().write(part);
                }
                if (parts.length > 0) {
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
              } catch (IOException e) {
                // The generator has gone, as it does where an answer is wrong.
              }
            });
  }

  private static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith(END)) {
      head.append((char) in.read());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
