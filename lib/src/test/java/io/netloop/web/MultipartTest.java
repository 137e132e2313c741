package io.netloop.web;

import static io.netloop.web.Web.blocking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.Log;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms with files, from the client to the disk and off it again. */
class MultipartTest extends WebTest {
  private static final String TYPE = "Content-Type: multipart/form-data; boundary=XyX";
  private static final String END = "--XyX--\r\n";

  /** What is written to it never fits. */
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path dir;
  private MultipartOptions options;
  private Log log;

  @BeforeEach
  void takeTheFolder() {
    options = MultipartOptions.defaults().withDirectory(dir);
    log = new Log(LastResort.class);
  }

  @AfterEach
  void nothingIsLeft() {
    log.close();
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(file -> file.toString().endsWith(".upload")).toList();
    }
  }

  private static String field(String name, String value) {
    return "--XyX\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  private static String file(String name, String fileName, String content) {
    return "--XyX\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"; filename=\""
        + fileName
        + "\"\r\nContent-Type: text/css\r\n\r\n"
        + content
        + "\r\n";
  }

  private void serve() {
    app.post(
        "/",
        Web.multipart(options),
        (request, response) -> {
          told.add("handled");
          response.send(request.form() + " " + request.files().size());
        });
  }

  @Test
  void keepsFilesOnTheDiskWhileTheRequestLasts() throws IOException {
    app.post(
        "/",
        Web.multipart(options),
        blocking((request, response) -> {
          Upload upload = request.files().getFirst();
          told.add(
              upload.field()
                  + " "
                  + upload.fileName()
                  + " "
                  + upload.contentType()
                  + " "
                  + upload.size());
          told.add(Files.readString(upload.path()));
          told.add(request.form().toString());
          told.add(String.valueOf(upload.path().startsWith(dir)));
          response.send("ok");
        }));
    assertThat(
            post("/", field("a", "1") + file("f", "../x.css", "p{}") + field("a", "é") + END, TYPE)
                .body())
        .isEqualTo("ok");
    assertThat(told).containsExactly("f x.css text/css 3", "p{}", "{a=[1, \ufffd]}", "true");
  }

  @Test
  void aFileThatWasMovedStays() throws IOException {
    Path target = dir.resolve("kept");
    app.post(
        "/",
        Web.multipart(options),
        blocking((request, response) -> {
          request.files().getFirst().moveTo(target);
          response.send("ok");
        }));
    assertThat(post("/", file("f", "x", "content") + END, TYPE).body()).isEqualTo("ok");
    assertThat(Files.readString(target)).isEqualTo("content");
  }

  @Test
  void takesLargeFilesWithoutKeepingThemInMemory() throws IOException {
    options = options.withMaxFileSize(100_000_000).withMaxSize(100_000_000);
    byte[] random = new byte[1 << 20];
    new Random(1).nextBytes(random);
    String block = new String(random, StandardCharsets.ISO_8859_1);
    app.post(
        "/",
        Web.multipart(options),
        blocking((request, response) -> {
          Upload upload = request.files().getFirst();
          byte[] kept = Files.readAllBytes(upload.path());
          boolean same = kept.length == 40 << 20;
          for (int i = 0; i < kept.length && same; i++) {
            same = kept[i] == random[i & ((1 << 20) - 1)];
          }
          response.send(upload.size() + " " + same);
        }));
    Socket socket = connect();
    String head = file("f", "big", "").replace("\r\n\r\n\r\n", "\r\n\r\n");
    long length = head.length() + (40L << 20) + ("\r\n" + END).length();
    send(
        socket,
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + TYPE
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n"
            + head);
    for (int i = 0; i < 40; i++) {
      send(socket, block);
    }
    send(socket, "\r\n" + END);
    assertThat(Answer.parse(hearAll(socket)).body()).isEqualTo((40 << 20) + " true");
  }

  @Test
  void takesAFileThatComesByteByByte() throws IOException {
    app.post(
        "/",
        Web.multipart(options),
        blocking((request, response) ->
            response.send(Files.readString(request.files().getFirst().path()))));
    Socket socket = connect();
    String content = "y".repeat(20_000);
    StringBuilder chunks = new StringBuilder();
    for (char c : (file("f", "x", content) + END).toCharArray()) {
      chunks.append("1\r\n").append(c).append("\r\n");
    }
    send(
        socket,
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + TYPE
            + "\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunks
            + "0\r\n\r\n");
    assertThat(Answer.parse(hearAll(socket)).body()).isEqualTo(content);
  }

  @Test
  void anEmptyFormIsAForm() throws IOException {
    serve();
    assertThat(post("/", END, TYPE).body()).isEqualTo("{} 0");
    assertThat(post("/", file("f", "", "") + END, TYPE).body()).isEqualTo("{} 1");
  }

  @Test
  void refusesAFormWithoutEnd() throws IOException {
    serve();
    Answer answer = post("/", file("f", "x", "content") + "--XyX", TYPE);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("The form ends before the boundary that closes it.");
    assertThat(told).isEmpty();
  }

  @Test
  void refusesMoreThanItsLimitsAndDeletesWhatHadCome() throws IOException {
    options =
        options
            .withMaxFileSize(10)
            .withMaxFiles(2)
            .withMaxFields(3)
            .withMaxFieldBytes(100)
            .withMaxSize(2000);
    serve();
    assertThat(post("/", file("f", "x", "0123456789") + END, TYPE).status()).isEqualTo(200);
    refused("more bytes in one file than the limit of 10", file("f", "x", "01234567890"));
    refused("more files than the limit of 2", file("f", "x", "1").repeat(3));
    refused("more fields than the limit of 3", field("a", "1").repeat(4));
    refused("more bytes in its fields than the limit of 100", field("a", "x".repeat(100)));
    refused("more bytes in its fields than the limit of 100", field("a".repeat(101), ""));
    refused("longer than the limit of 2000 bytes", field("a", "1").repeat(200));
    assertThat(told).containsExactly("handled");
  }

  private void refused(String sentence, String form) throws IOException {
    Answer answer = post("/", form + END, TYPE);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains(sentence);
  }

  @Test
  void refusesAThousandPartsAndMore() throws IOException {
    serve();
    assertThat(post("/", field("a", "1").repeat(1000) + END, TYPE).status()).isEqualTo(200);
    assertThat(post("/", field("a", "1").repeat(1001) + END, TYPE).status()).isEqualTo(413);
    assertThat(post("/", file("f", "x", "1").repeat(101) + END, TYPE).status()).isEqualTo(413);
  }

  @Test
  void refusesBoundariesThatAreNone() throws IOException {
    serve();
    assertThat(post("/", END, "Content-Type: multipart/form-data").status()).isEqualTo(400);
    assertThat(
            post("/", END, "Content-Type: multipart/form-data; boundary=" + "x".repeat(71))
                .status())
        .isEqualTo(400);
    assertThat(post("/", END, TYPE, "Content-Encoding: gzip").status()).isEqualTo(415);
    assertThat(post("/", END, "Content-Type: multipart/mixed; boundary=XyX").body())
        .isEqualTo("{} 0");
  }

  @Test
  void deletesFilesWhenTheClientVanishesInTheUpload() throws IOException {
    serve();
    app.use((error, request, response, next) -> told.add(error.getMessage()));
    Socket socket = connect();
    send(
        socket,
        "POST / HTTP/1.1\r\nHost: h\r\n"
            + TYPE
            + "\r\nContent-Length: 100000\r\n\r\n"
            + file("f", "x", "content").replace("\r\n\r\n", "\r\n\r\n" + "x".repeat(5000)));
    await().untilAsserted(() -> assertThat(files()).hasSize(1));
    socket.close();
    await()
        .untilAsserted(() ->
            assertThat(told)
                .containsExactly("The connection was lost before the whole body had come."));
  }

  @Test
  void deletesFilesWhenTheClientVanishesBeforeTheAnswer() throws IOException {
    app.post("/", Web.multipart(options), (request, response) -> told.add("waits"));
    Socket socket = connect();
    String form = file("f", "x", "content") + END;
    send(
        socket,
        "POST / HTTP/1.1\r\nHost: h\r\n"
            + TYPE
            + "\r\nContent-Length: "
            + form.length()
            + "\r\n\r\n"
            + form);
    await().until(() -> told.contains("waits"));
    assertThat(files()).hasSize(1);
    socket.close();
  }

  @Test
  void saysThatTheDiskIsFull() throws IOException {
    assumeTrue(Files.isWritable(FULL), "there is no disk that is always full");
    Path link = dir.resolve("full.upload");
    app.post(
        "/",
        new Multipart(options, () -> Files.createSymbolicLink(link, FULL)),
        (request, response) -> response.end());
    Answer answer = post("/", file("f", "x", "content") + END, TYPE);
    assertThat(answer.status()).isEqualTo(507);
    assertThat(answer.body()).contains("Insufficient Storage").doesNotContain("/dev");
    assertThat(log.events()).hasSize(1);
  }

  @Test
  void saysThatFilesCanNotBeKept() throws IOException {
    options = options.withDirectory(dir.resolve("missing"));
    serve();
    Answer answer = post("/", file("f", "x", "content") + END, TYPE);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(log.events()).hasSize(1);
    options = options.withDirectory(dir);
  }
}
