package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.CaptureFile;
import io.netloop.CaptureFile.Conversation;
import io.netloop.net.Capture;
import io.netloop.net.TcpSocket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP in a capture, from both sides. */
class HttpCaptureTest extends ServingTest {
  @TempDir Path directory;
  private Path file;
  private Capture capture;
  private final AtomicInteger open = new AtomicInteger();

  @BeforeEach
  void open() {
    file = directory.resolve("http.pcap");
    capture = Capture.to(file);
  }

  @AfterEach
  void close() {
    capture.close().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private void capture(TcpSocket socket) {
    open.incrementAndGet();
    socket.capture(capture).onClose(cause -> open.decrementAndGet());
  }

  private static void greet(HttpRequest request, HttpResponse response) {
    response.setHeader("Content-Type", "text/plain");
    response.end("You asked for " + request.url());
  }

  /** Asks, and gives the answer's body once the connection has closed. */
  private String ask(HttpServer server, String path, boolean captured) {
    CompletableFuture<String> body = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    onLoop(() -> {
      ClientRequest request =
          Http.request(
              "http://127.0.0.1:" + server.address().port() + path,
              response -> {
                StringBuilder text = new StringBuilder();
                response.onData(text::append);
                response.onEnd(() -> body.complete(text.toString()));
              });
      request.setHeader("Connection", "close");
      request.onSocket(socket -> {
        if (captured) {
          socket.capture(capture);
        }
        socket.onClose(cause -> closed.complete(null));
      });
      request.end();
      return null;
    });
    closed.orTimeout(5, TimeUnit.SECONDS).join();
    return body.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Test
  void aServersConnectionsAreCaptured() {
    HttpServer server = serve(HttpCaptureTest::greet);
    server.onConnection(this::capture);
    String body = ask(server, "/here", false);
    await().until(() -> open.get() == 0);
    close();

    Conversation talk = CaptureFile.conversations(file).getFirst();
    assertThat(talk.server).isEqualTo("127.0.0.1 " + server.address().port());
    assertThat(talk.clientText()).startsWith("GET /here HTTP/1.1\r\n").endsWith("\r\n\r\n");
    assertThat(talk.serverText()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + body);
    assertThat(body).isEqualTo("You asked for /here");
  }

  @Test
  void onlyTheChosenConnectionsAreCaptured() {
    HttpServer server = serve(HttpCaptureTest::greet);
    int[] count = {0};
    server.onConnection(socket -> {
      if (++count[0] == 2) {
        capture(socket);
      }
    });
    ask(server, "/first", false);
    ask(server, "/second", false);
    ask(server, "/third", false);
    await().until(() -> open.get() == 0);
    close();

    assertThat(CaptureFile.conversations(file))
        .singleElement()
        .matches(talk -> talk.clientText().startsWith("GET /second "));
  }

  @Test
  void aClientsRequestIsCapturedFromItsFirstByte() {
    HttpServer server = serve(HttpCaptureTest::greet);
    String body = ask(server, "/there", true);
    close();

    Conversation talk = CaptureFile.conversations(file).getFirst();
    assertThat(talk.clientText()).startsWith("GET /there HTTP/1.1\r\n");
    assertThat(talk.serverText()).endsWith("\r\n\r\n" + body);
  }

  @Test
  void pipelinedRequestsAreThereAsTheyCame() {
    HttpServer server = serve(ServingTest::echoPath);
    server.onConnection(this::capture);
    onLoop(() -> null); // the listener is there before the connection
    RawPeer peer = connect(server);
    String two = GET + GET.replace("Host: a", "Host: a\r\nConnection: close");
    assertThat(peer.send(two).rest()).isNotEmpty();
    await().until(() -> open.get() == 0);
    close();

    Conversation talk = CaptureFile.conversations(file).getFirst();
    assertThat(talk.clientText()).isEqualTo(two);
    assertThat(talk.serverText().split("HTTP/1.1 200 OK", -1)).hasSize(3);
  }

  @Test
  void whatIsSaidBehindAFileIsNotTouchedByAnswersToOthers() throws IOException {
    Path content = Files.writeString(directory.resolve("content"), "f".repeat(300_000));
    FileChannel opened = FileChannel.open(content);
    HttpServer server =
        serve((request, response) -> {
          if (request.url().equals("/file")) {
            response.writeFile(opened, 0, 300_000, failure -> {});
          }
          response.end(request.url() + "!");
        });
    AtomicInteger count = new AtomicInteger();
    server.onConnection(socket -> {
      if (count.incrementAndGet() == 1) {
        capture(socket);
      }
    });
    onLoop(() -> null);
    RawPeer peer = connect(server);
    peer.send(GET.replace(" / ", " /file ") + GET.replace(" / ", " /behind "));
    RawPeer other = connect(server);
    for (int i = 0; i < 20; i++) {
      other.send(GET.replace(" / ", " /other ")).until("/other!");
    }
    String answers = peer.until("/file!") + peer.until("/behind!");
    peer.close();
    await().until(() -> open.get() == 0);
    close();
    opened.close();

    assertThat(CaptureFile.conversations(file).getFirst().serverText()).isEqualTo(answers);
  }

  @Test
  void wiresharkFollowsTheRequestAndFindsNoFault() {
    HttpServer server = serve(HttpCaptureTest::greet);
    server.onConnection(this::capture);
    ask(server, "/a", false);
    ask(server, "/b?c=d", false);
    await().until(() -> open.get() == 0);
    close();

    assertThat(CaptureFile.faults(file)).isEmpty();
    // The port is any: Wireshark is told that HTTP is spoken on it.
    String http = "tcp.port==" + server.address().port() + ",http";
    List<String> talk =
        CaptureFile.tshark(
            file,
            "-d",
            http,
            "-Y",
            "http",
            "-T",
            "fields",
            "-e",
            "tcp.stream",
            "-e",
            "http.request.uri",
            "-e",
            "http.response.code",
            "-e",
            "http.file_data");
    assertThat(talk).hasSize(4).element(0).asString().startsWith("0\t/a\t");
    assertThat(talk.get(1)).startsWith("0\t").contains("\t200\t");
    assertThat(talk.get(2)).startsWith("1\t/b?c=d\t");
    assertThat(CaptureFile.tshark(file, "-q", "-z", "follow,tcp,ascii,1"))
        .anyMatch(line -> line.contains("GET /b?c=d HTTP/1.1"))
        .anyMatch(line -> line.contains("You asked for /b?c=d"));
  }
}
