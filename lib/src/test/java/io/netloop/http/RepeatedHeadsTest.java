package io.netloop.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.engine.SpareArray;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Heads that are sent again and again are the same as if each were put together anew. */
class RepeatedHeadsTest extends ServerTest {
  private static final int ROUNDS = 3000;
  private static final int ANSWERS = 300;
  private static final List<Integer> STATUSES = List.of(200, 200, 216, 404, 204, 205, 304);
  private static final List<Map.Entry<String, String>> HEADERS =
      List.of(
          Map.entry("Content-Type", "text/plain"),
          Map.entry("Content-Type", "text/html"),
          Map.entry("X-One", "1"),
          Map.entry("Content-Length", "5"),
          Map.entry("Keep-Alive", "timeout=9"));
  private static final List<String> OURS =
      List.of("Date", "Connection", "Content-Length", "Transfer-Encoding");
  private static final List<String> LINES =
      List.of(
          "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
          "HEAD %s HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET %s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          "GET %s HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
          "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  /** How a number asks. */
  private static String line(int number) {
    return LINES.get(number % LINES.size()).formatted("/" + number);
  }

  /**
   * What a number is answered; with strings that were never there before nothing is known of it.
   */
  private static void answer(int number, boolean known, HttpResponse response) {
    SplittableRandom random = new SplittableRandom(number);
    response.statusCode(STATUSES.get(random.nextInt(STATUSES.size())));
    for (int i = random.nextInt(3); i > 0; i--) {
      Map.Entry<String, String> header = HEADERS.get(random.nextInt(HEADERS.size()));
      if (known) {
        response.setHeader(header.getKey(), header.getValue());
      } else {
        response.setHeader(new String(header.getKey()), new String(header.getValue()));
      }
    }
    switch (random.nextInt(10)) {
      case 0 -> response.removeHeader(OURS.get(random.nextInt(OURS.size())));
      case 1 -> response.sendDate(false);
      case 2 -> response.statusMessage("Fine");
      case 3 -> response.shouldKeepAlive(false);
      default -> {
        // As most are.
      }
    }
    if (random.nextInt(4) == 0) {
      response.write("piece", "utf8");
    }
    response.end("x".repeat(random.nextInt(3)));
  }

  private HttpServer server(boolean known) {
    RequestListener listener =
        (request, response) -> {
          String number = request.url().substring(1);
          if (number.isEmpty()) {
            response.end("the last");
          } else {
            answer(Integer.parseInt(number), known, response);
          }
        };
    // Without 'continue' the connection can't be kept.
    return serve(listener).onCheckContinue(listener);
  }

  /** The answer and the one behind it, but for the time. */
  private String hear(HttpServer server, int number) throws IOException {
    return ask(server, line(number) + LAST).replaceAll("Date: [^\r]*", "Date: now");
  }

  @Test
  void areTheSameBytesWhateverWasAnsweredBefore() throws Exception {
    HttpServer known = server(true);
    HttpServer fresh = server(false);
    Random random = new Random(11);
    for (int i = 0; i < ROUNDS; i++) {
      int number = random.nextInt(ANSWERS);
      assertThat(hear(known, number))
          .as("answer %d to %s", number, line(number))
          .isEqualTo(hear(fresh, number))
          .startsWith("HTTP/1.1 ");
    }
  }

  @Test
  void areKeptForTheSameStringsInTheSameSecond() {
    RepeatedHeads heads = new RepeatedHeads();
    byte[] second = {1};
    OutgoingHeaders one = headers("X-One", "1");
    assertThat(heads.find(200, one, second)).isNull();
    learn(heads, 200, one, second, "one");

    byte[] known = heads.find(200, headers("X-One", "1"), second);
    assertThat(known).asString(US_ASCII).isEqualTo("one");
    assertThat(heads.find(200, one, second)).isSameAs(known);
    assertThat(heads.find(200, one, second.clone())).isNull();
    assertThat(heads.find(201, one, second)).isNull();
    assertThat(heads.find(200, headers("X-One", new String("1")), second)).isNull();
    assertThat(heads.find(200, headers(), second)).isNull();

    learn(heads, 200, headers("X-One", "2"), second, "two"); // in the place of the first
    assertThat(heads.find(200, one, second)).isNull();
  }

  @Test
  void areNotKeptWhereTheyAreLong() {
    RepeatedHeads heads = new RepeatedHeads();
    byte[] second = {1};
    learn(heads, 200, headers(), second, "x".repeat(1025));
    assertThat(heads.find(200, headers(), second)).isNull();

    learn(heads, 200, headers(), second, "x".repeat(1024));
    assertThat(heads.find(200, headers(), second)).hasSize(1024);
  }

  private static OutgoingHeaders headers(String... lines) {
    OutgoingHeaders headers = new OutgoingHeaders();
    for (int i = 0; i < lines.length; i += 2) {
      headers.add(lines[i], lines[i + 1]);
    }
    return headers;
  }

  private static void learn(
      RepeatedHeads heads, int status, OutgoingHeaders headers, byte[] second, String head) {
    HeadWriter writer = new HeadWriter(new SpareArray());
    writer.put("before ");
    int from = writer.length();
    writer.put(head);
    heads.learn(status, headers, second, writer, from);
  }

  @Test
  void sayHowManyRequestsMayComeUntilTheLast() throws Exception {
    HttpServer server =
        serve(DEFAULTS.withMaxRequestsPerSocket(4), (request, response) -> response.end("x"));
    for (int i = 0; i < 3; i++) {
      String all = ask(server, GET.repeat(4)).replaceAll("Date: [^\r]*\r\n", "");
      String kept =
          "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=4\r\n"
              + "Content-Length: 1\r\n\r\nx";
      assertThat(all)
          .isEqualTo(
              kept.repeat(3)
                  + "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    }
  }

  @Test
  void haveTheDateOfTheirSecond() throws Exception {
    HttpServer server =
        serve((request, response) -> response.setHeader("Content-Type", "text/plain").end("x"));
    String first = date(server);
    await().atMost(Duration.ofSeconds(5)).until(() -> !date(server).equals(first));
  }

  /** That of the third answer on one connection, which the first two have made known. */
  private String date(HttpServer server) throws IOException {
    String all = ask(server, GET + GET + GET + LAST);
    int at = -1;
    for (int i = 0; i < 3; i++) {
      at = all.indexOf("Date: ", at + 1);
    }
    return all.substring(at, all.indexOf(" GMT", at));
  }
}
