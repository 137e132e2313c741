package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page and its parts, and what tells how the server is, over plain sockets. */
class WebPagesTest {
  @RegisterExtension final House house = new House();

  /** An answer as it came. */
  @SuppressWarnings("ArrayRecordComponent") // answers are read, not compared
  private record Answer(String head, byte[] body) {
    int status() {
      return Integer.parseInt(head.split(" ", -1)[1]);
    }

    String header(String name) {
      Matcher line = Pattern.compile("(?im)^" + name + ": (.*)$").matcher(head);
      return line.find() ? line.group(1) : "";
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private Answer get(String path, String... headers) {
    return ask("GET", path, headers);
  }

  private Answer ask(String method, String path, String... headers) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.webPort())) {
      socket.setSoTimeout((int) House.SOON.toMillis());
      List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1"));
      lines.add("Host: localhost:" + house.webPort());
      lines.add("Connection: close");
      lines.addAll(List.of(headers));
      String request = String.join("\r\n", lines) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        assertThat(b).as("the head ends after %s", head).isNotNegative();
        head.append((char) b);
      }
      return new Answer(head.toString(), in.readAllBytes());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String unpacked(byte[] gzip) {
    try {
      return new String(
          new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  // The page

  @Test
  void answersThePageInAWayThatKeepsItSafe() {
    house.openWeb();
    Answer page = get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text()).startsWith("<!doctype html>");
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("img-src 'self' data:", "base-uri 'none'", "form-action 'none'")
        .contains("frame-ancestors 'none'")
        .contains("connect-src 'self' ws://localhost:" + house.webPort())
        .doesNotContain("unsafe");
  }

  @Test
  void takesNoPolicyFromAStrangeHost() {
    house.openWeb();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.webPort())) {
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.0\r\nHost: x; script-src *\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .doesNotContain("script-src *");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void loadsWithLessThan60KilobytesOverTheWire() {
    house.openWeb();
    Answer page = get("/", "Accept-Encoding: gzip");
    int bytes = page.head.length() + page.body.length;
    String html = unpacked(page.body);
    List<String> names = new ArrayList<>(PageSource.read().keySet());
    assertThat(names).contains("index.html");
    names.remove("index.html");
    for (String name : names) {
      Answer part = get("/assets/" + name, "Accept-Encoding: gzip");
      assertThat(part.status()).as(name).isEqualTo(200);
      bytes += part.head.length() + part.body.length;
    }
    assertThat(html).contains("<html");
    assertThat(bytes).isLessThan(60_000);
  }

  // What browsers keep

  @Test
  void answersWhatABrowserHasAlreadyWithoutABody() {
    house.openWeb();
    Answer plain = get("/");
    Answer packed = get("/", "Accept-Encoding: br, gzip;q=0.5");
    assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(packed.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(unpacked(packed.body)).isEqualTo(plain.text());
    assertThat(packed.header("ETag")).isNotEqualTo(plain.header("ETag"));
    for (String known :
        List.of(plain.header("ETag"), "W/" + packed.header("ETag"), "\"x\", *", "\"x\"")) {
      Answer again = get("/", "If-None-Match: " + known);
      assertThat(again.status()).as(known).isEqualTo(known.equals("\"x\"") ? 200 : 304);
      assertThat(again.header("ETag")).isEqualTo(plain.header("ETag"));
      assertThat(again.body.length == 0).isEqualTo(again.status() == 304);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "none, false",
        "gzip, true",
        "GZIP, true",
        "'deflate, gzip;q=1.0', true",
        "'gzip;q=0', false",
        "'gzip; q=0.000', false",
        "'br, zstd', false",
        "xgzip, false",
        "'', false",
        "';;,', false"
      })
  void packsOnlyForWhoTakesIt(String accepted, boolean takes) {
    assertThat(PageFiles.takesGzip(accepted)).isEqualTo(takes);
  }

  @Test
  void asksForThePartsUnderANameThatChangesWithThem() {
    assertThat(hashOf("a"))
        .matches("[0-9a-f]{16}")
        .isEqualTo(hashOf("a"))
        .isNotEqualTo(hashOf("b"));
  }

  private static String hashOf(String style) {
    var files = new TreeMap<String, byte[]>();
    files.put("index.html", "<link href=\"/assets/s.css\">".getBytes(StandardCharsets.UTF_8));
    files.put("s.css", style.getBytes(StandardCharsets.UTF_8));
    Matcher hash = Pattern.compile("/assets/(.*)/s.css").matcher(new PageFiles(files).page());
    assertThat(hash.find()).isTrue();
    return hash.group(1);
  }

  // Other requests

  @Test
  void answersAHeadWithoutTheBody() {
    house.openWeb();
    Answer head = ask("HEAD", "/");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("" + get("/").body.length);
    assertThat(head.body).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/index.html",
        "/assets/",
        "/assets/index.html",
        "/assets/../index.html",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/0123456789abcdef/",
        "/assets/0123456789abcdef/nothing.js",
        "//",
        "/?/../x/../.."
      })
  void findsNothingElse(String path) {
    house.openWeb();
    assertThat(get(path).status()).isEqualTo(path.startsWith("/?") ? 200 : 404);
  }

  @Test
  void refusesOtherMethodsAndBodies() {
    house.openWeb();
    Answer post = ask("POST", "/", "Content-Length: 0");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("Allow")).isEqualTo("GET, HEAD");
    assertThat(ask("POST", "/", "Content-Length: 10").status()).isIn(405, 413);
    assertThat(get("/ws").status()).isEqualTo(426);
  }

  // How the server is

  @Test
  void saysThatItIsAliveAndReadyUntilItDrains() {
    ChatServer server = house.openWeb();
    assertThat(get("/healthz").text()).isEqualTo("ok\n");
    assertThat(get("/readyz").text()).isEqualTo("ready\n");
    Browser ann = house.browser().logsIn("ann");
    var report = server.stop(Duration.ofSeconds(5));
    ann.hears();
    Answer ready = get("/readyz");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.text()).isEqualTo("draining\n");
    assertThat(get("/healthz").status()).isEqualTo(200);
    assertThat(new Browser(house.webPort()).status()).isEqualTo(503);
    assertThat(ann.closeCode()).isEqualTo(1012);
    ann.leaves(1012).close();
    report.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void tellsPrometheusHowTheRoomIs() {
    house.openWeb();
    Peer ann = house.user("ann");
    Browser bob = house.browser();
    bob.comesIn("bob", "");
    ann.hears();
    ann.broadcasts("hello").hears();
    ann.whispers("bob", "psst");
    ann.whispers("nobody", "?").hears();
    Answer metrics = get("/metrics");
    assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(metrics.text().lines())
        .contains(
            "netloop_chat_users 2.0",
            "netloop_chat_sessions 1.0",
            "netloop_chat_connections{transport=\"tcp\"} 1.0",
            "netloop_chat_connections{transport=\"websocket\"} 1.0",
            "netloop_chat_messages_total{kind=\"broadcast\"} 1.0",
            "netloop_chat_messages_total{kind=\"whisper\"} 1.0",
            "netloop_chat_deliveries_total 3.0",
            "netloop_chat_refused_total{cause=\"user_not_found\"} 1.0",
            "netloop_chat_refused_total{cause=\"rate_limited\"} 0.0",
            "netloop_chat_ended_total{cause=\"slow\"} 0.0",
            "netloop_chat_queued_bytes{transport=\"websocket\"} 0.0",
            "netloop_chat_history_messages 1.0")
        .anyMatch(line -> line.startsWith("netloop_loop_stalls_total "))
        .anyMatch(line -> line.startsWith("netloop_http_requests_total "));
  }

  @Test
  void logsEachRequestWithTheRealAddressWhereThatIsWanted() {
    house.openWeb(
        ChatOptions.defaults(),
        WebOptions.defaults().withAccessLog(true).withTrustedProxies(List.of("127.0.0.1")));
    get("/nothing?\"x", "X-Forwarded-For: 203.0.113.7");
    Browser bob = house.browser();
    bob.leaves(1000);
    assertThat(bob.closeCode()).isEqualTo(1000);
    House.until(() -> house.logged("closed 1000").size() == 1);
    assertThat(house.logged("GET"))
        .anyMatch(line -> line.startsWith("203.0.113.7 \"GET /nothing?%22x HTTP/1.1\" 404 "))
        .anyMatch(line -> line.equals("127.0.0.1 \"GET /ws HTTP/1.1\" 101"));
  }
}
