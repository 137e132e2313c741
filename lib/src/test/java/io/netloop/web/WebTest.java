package io.netloop.web;

import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.loop.Loop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of the web layer need: an app that is served, and a client of plain bytes. */
@ExtendWith(NothingLeaks.class)
abstract class WebTest {
  final Loop loop = Loop.current();

  /** What is under test; served from the first question on. */
  final App app = Web.app();

  /** What handlers have told, in order. */
  final List<String> told = new CopyOnWriteArrayList<>();

  private final List<Socket> sockets = new ArrayList<>();
  private HttpServer server;

  @AfterEach
  void closeWhatIsOpen() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    if (server != null) {
      server.closeAllConnections().close();
    }
  }

  /** The port that the app is served at. */
  int port() {
    if (server == null) {
      server = Http.createServer(app).listen(0, "127.0.0.1");
      await().until(server::listening);
    }
    return server.address().port();
  }

  /** Everything that answers a request of this line, with these header lines and no body. */
  Answer get(String target, String... lines) throws IOException {
    return ask("GET", target, "", lines);
  }

  /** Everything that answers a request with a body; its length is added. */
  Answer post(String target, String body, String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Content-Length: " + body.length());
    return ask("POST", target, body, all.toArray(new String[0]));
  }

  Answer ask(String method, String target, String body, String... lines) throws IOException {
    StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: h\r\n");
    for (String line : lines) {
      request.append(line).append("\r\n");
    }
    request.append("Connection: close\r\n\r\n").append(body);
    return Answer.parse(say(request.toString()));
  }

  /** What is heard after these bytes, until the end. */
  String say(String latin1) throws IOException {
    Socket socket = connect();
    send(socket, latin1);
    return hearAll(socket);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    return socket;
  }

  static void send(Socket socket, String latin1) throws IOException {
    try {
      socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    } catch (SocketException closed) {
      // What it has said before that is still to be heard.
    }
  }

  static String hearAll(Socket socket) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    byte[] bytes = new byte[16 * 1024];
    InputStream in = socket.getInputStream();
    try {
      for (int length; (length = in.read(bytes)) >= 0; ) {
        heard.write(bytes, 0, length);
      }
    } catch (SocketException reset) {
      // The end as well.
    }
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  /** Reads until this text has come. */
  static String hear(Socket socket, String text) throws IOException {
    StringBuilder heard = new StringBuilder();
    byte[] bytes = new byte[16 * 1024];
    while (heard.indexOf(text) < 0) {
      int length = socket.getInputStream().read(bytes);
      if (length < 0) {
        throw new AssertionError("It ended before " + text + " came:\n" + heard);
      }
      heard.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    }
    return heard.toString();
  }

  <T> T onLoop(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }
}
