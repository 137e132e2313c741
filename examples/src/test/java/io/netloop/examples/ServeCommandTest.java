package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./netloop serve} as its user sees it, with curl and a real Chromium. */
class ServeCommandTest {
  private static final Path BROWSER =
      Path.of(System.getProperty("user.home"), ".cache", "netloop", "browser");

  @TempDir Path dir;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(dir.resolve("index.html"), page("the index"));
    Files.createDirectories(dir.resolve("sub"));
    Files.writeString(dir.resolve("sub/a b.txt"), "text in a file");
    Files.writeString(dir.resolve("main.js"), "document.body.dataset.script = import.meta.url;");
    Files.writeString(dir.resolve("main.css"), "h1 { color: rgb(1, 2, 3); }");
    Files.writeString(
        dir.resolve("dot.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='7' height='5'></svg>");
  }

  private static String page(String title) {
    return """
    <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/main.css">
    <script type="module" src="/main.js"></script></head><body><h1>%s 你好</h1><img src="/dot.svg" alt="dot"></body></html>
    """
        .formatted(title, title);
  }

  private Command serve(String... options) {
    List<String> all = new ArrayList<>(List.of("serve", dir.toString(), "--port", "0"));
    all.addAll(List.of(options));
    return new Command(all.toArray(new String[0]));
  }

  private static HttpResponse<String> get(Command server, String path, String... headers)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void servesTheFilesAndSaysWhere() throws Exception {
    try (Command server = serve()) {
      server
          .says("Serving " + dir.toRealPath())
          .says("  http://127.0.0.1:" + server.port() + "/\n")
          .says("Ctrl-C stops it.");
      assertThat(get(server, "/").body()).contains("the index");
      assertThat(get(server, "/sub/a%20b.txt").body()).isEqualTo("text in a file");
      assertThat(get(server, "/none").statusCode()).isEqualTo(404);
      assertThat(get(server, "/sub/", "Accept", "text/html").statusCode()).isEqualTo(404);
      assertThat(get(server, "/").headers().firstValue("access-control-allow-origin")).isEmpty();
      server.signal("TERM").says("Stopping");
      assertThat(server.status()).isZero();
    }
  }

  @Test
  void listsAnswersPagesAndAllowsOthersWhereItIsToldTo() throws Exception {
    try (Command server = serve("--listing", "--spa", "--cors")) {
      assertThat(get(server, "/sub/").body()).contains("<a href=\"./a%20b.txt\">a b.txt</a>");
      assertThat(get(server, "/users/7", "Accept", "text/html").body()).contains("the index");
      assertThat(get(server, "/none.js", "Accept", "text/html").statusCode()).isEqualTo(404);
      assertThat(get(server, "/main.js").headers().firstValue("access-control-allow-origin"))
          .contains("*");
    }
  }

  @Test
  void saysWhoHoldsAPortThatIsTaken() {
    try (Command first = serve();
        Command second = new Command("serve", dir.toString(), "--port", "" + first.port())) {
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.err().lines()).hasSize(1);
      assertThat(second.err())
          .startsWith(
              "netloop: listen EADDRINUSE: address already in use 127.0.0.1:" + first.port())
          .contains("held by java, pid " + first.pid())
          .contains("choose another port with --port");
    }
  }

  @Test
  void tellsTheAddressesOfTheNetworkWhereItIsOpenToIt() {
    try (Command server = serve("--host", "0.0.0.0")) {
      server.says("  http://127.0.0.1:" + server.port() + "/");
    }
  }

  @Test
  void aDownloadThatWasCutIsResumedByCurl() throws Exception {
    assumeTrue(program("curl").isPresent(), "there is no curl");
    byte[] content = new byte[3_000_000];
    new Random(7).nextBytes(content);
    Files.write(dir.resolve("big.bin"), content);
    Path half = dir.resolve("download.bin");
    try (Command server = serve()) {
      String url = "http://127.0.0.1:" + server.port() + "/big.bin";
      try (FileChannel cut =
          FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        cut.write(ByteBuffer.wrap(content, 0, 1_234_567));
      }
      Process curl =
          new ProcessBuilder(
                  "curl",
                  "-s",
                  "-S",
                  "-C",
                  "-",
                  "-o",
                  half.toString(),
                  "-w",
                  "%{http_code} %{size_download}",
                  url)
              .redirectErrorStream(true)
              .start();
      String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(curl.waitFor()).as(said).isZero();
      assertThat(said).isEqualTo("206 " + (content.length - 1_234_567));
      assertThat(Files.readAllBytes(half)).isEqualTo(content);
    }
  }

  @Test
  void aDownloadMayEndBeforeItStops() throws Exception {
    assumeTrue(program("curl").isPresent(), "there is no curl");
    try (FileChannel sparse =
        FileChannel.open(
            dir.resolve("big.bin"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.allocate(1), 19_999_999);
    }
    Path whole = dir.resolve("whole.bin");
    try (Command server = serve()) {
      Process curl =
          new ProcessBuilder(
                  "curl",
                  "-s",
                  "--limit-rate",
                  "15M",
                  "-o",
                  whole.toString(),
                  "http://127.0.0.1:" + server.port() + "/big.bin")
              .start();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(whole) && Files.size(whole) > 0);
      server.signal("TERM");
      assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.size(whole)).isEqualTo(20_000_000);
      assertThat(server.status()).isZero();
    }
  }

  @Test
  void aPageAndAllThatBelongsToItWorkInChromium() throws Exception {
    Optional<Path> chromium = program("chromium");
    assumeTrue(chromium.isPresent() && program("node").isPresent(), "there is no Chromium");
    assumeTrue(
        Files.isDirectory(BROWSER.resolve("node_modules/playwright-core")),
        "there is no playwright-core; ./netloop test installs it");
    try (Command server = serve("--spa", "--listing")) {
      Path output = dir.resolve("browser.txt");
      Process cases =
          new ProcessBuilder(
                  "node",
                  Program.ROOT.resolve("examples/src/test/resources/browser/files.mjs").toString(),
                  BROWSER.toString(),
                  chromium.get().toString(),
                  "http://127.0.0.1:" + server.port())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = cases.waitFor(120, TimeUnit.SECONDS);
      cases.destroyForcibly();
      assertThat(ended).isTrue();
      assertThat(Files.readString(output)).isEqualTo("all is well\n");
    }
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
