package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That no server is measured which answers less than the others. */
final class HttpCheckTest {
  private static final String RIGHT =
      """
      HTTP/1.1 200 OK\r
      Content-Type: text/plain\r
      Date: Sun, 06 Nov 1994 08:49:37 GMT\r
      Content-Length: 13\r
      \r
      Hello, World!\
      """;

  @Test
  void takesTheAnswerOfAllWithHeadersInAnyLetterCase() throws Exception {
    assertThat(asked(RIGHT)).startsWith("GET / HTTP/1.1\r\n").endsWith("\r\n\r\n");
    assertThat(asked(RIGHT.replace("Date:", "date:"))).startsWith("GET / ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK>HTTP/1.1 404 Not Found",
        "Content-Type: text/plain>X: y",
        "Date: >X-Date: ",
        "Content-Length: 13>Content-Length: 12",
        "Content-Length: 13>Transfer-Encoding: chunked",
        "\r\n\r\n>\r\n"
      })
  void refusesAnAnswerThatLacksSomething(String change) {
    String[] parts = change.split(">", -1);
    assertThatThrownBy(() -> asked(RIGHT.replace(parts[0], parts[1])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answer");
  }

  @Test
  void refusesAnotherBody() {
    assertThatThrownBy(() -> asked(RIGHT.replace("World", "Whale")))
        .isInstanceOf(IOException.class)
        .hasMessage("it answered with another body");
  }

  /** What was asked of a server that answers this, once, and closes. */
  private static String asked(String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> request =
          CompletableFuture.supplyAsync(() -> answerOne(server, answer));
      HttpCheck.ask(server.getLocalPort(), "plain");
      return request.get(10, TimeUnit.SECONDS);
    }
  }

  private static String answerOne(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      StringBuilder request = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (request.indexOf("\r\n\r\n") < 0) {
        request.append((char) in.read());
      }
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      return request.toString();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
