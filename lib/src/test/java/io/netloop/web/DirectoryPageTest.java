package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The names in a directory, as a page and as JSON. */
class DirectoryPageTest extends StaticTest {
  private static final String EVIL = "<img src=x onerror=alert(1)>\"'&.txt";

  private static final Duration A_WHILE = Duration.ofMinutes(10);

  @BeforeEach
  void files() throws IOException {
    file("b.txt", "12345");
    file("a dir/inner.txt", "x");
    file(EVIL, "x");
    file(".hidden", "secret");
    file("100%.txt", "x");
    file("colon:x", "x");
    file("javascript:alert(1)", "x");
    file("with/index.html", "index");
    sparse("big.iso", 5_000_000_000L);
    Files.writeString(dir.resolve("outside.txt"), "secret");
    Files.createSymbolicLink(root.resolve("out.txt"), dir.resolve("outside.txt"));
    Files.createSymbolicLink(root.resolve("in.txt"), root.resolve("b.txt"));
    Files.createSymbolicLink(root.resolve("broken"), root.resolve("nowhere"));
  }

  @Test
  void aPageLinksToAllThatIsServedAndToNothingElse() throws IOException {
    serve(PLAIN.withListing(true));
    Answer answer = get("/", "Accept: text/html,*/*");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("Content-Security-Policy"))
        .isEqualTo("default-src 'none'; style-src 'unsafe-inline'");
    assertThat(answer.header("Vary")).isEqualTo("Accept");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.body())
        .contains("<a href=\"./b.txt\">b.txt</a></td><td>5 B</td><td>2026-01-02T03:04:05Z</td>")
        .contains("<a href=\"./a%20dir/\">a dir/</a>")
        .contains("<a href=\"./100%25.txt\">100%.txt</a>")
        .contains("<a href=\"./colon%3Ax\">colon:x</a>")
        .contains("<a href=\"./javascript%3Aalert(1)\">")
        .contains("<td>4.7 GiB</td>")
        .contains("in.txt")
        .doesNotContain("hidden", "out.txt", "broken", "<img", "../");
    assertThat(answer.body())
        .contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;.txt")
        .containsSubsequence("a dir/", "with/", "100%.txt", "b.txt");
  }

  @Test
  void everyLinkOfThePageLeadsToItsFile() throws IOException {
    serve(PLAIN.withListing(true));
    String page = get("/").body();
    int links = 0;
    for (int at = page.indexOf("href=\""); at >= 0; at = page.indexOf("href=\"", at + 1)) {
      String link =
          page.substring(at + 6, page.indexOf('"', at + 6))
              .replace("&#39;", "'")
              .replace("&amp;", "&");
      assertThat(link).startsWith("./");
      assertThat(head("/" + link.substring(2)).status()).describedAs(link).isEqualTo(200);
      links++;
    }
    assertThat(links).isEqualTo(9);
  }

  @Test
  void aDirectoryBelowLinksToTheOneAbove() throws IOException {
    serve(PLAIN.withListing(true));
    assertThat(get("/a%20dir/").body())
        .contains("<h1>Index of /a dir/</h1>")
        .contains("<a href=\"../\">../</a>")
        .contains("<a href=\"./inner.txt\">inner.txt</a>");
    assertThat(get("/a%20dir").header("Location")).isEqualTo("/a%20dir/");
    assertThat(get("/with/").body()).isEqualTo("index");
    assertThat(get("/none/").status()).isEqualTo(404);
  }

  @Test
  void jsonIsForWhoAsksForIt() throws IOException {
    serve(PLAIN.withListing(true));
    Answer answer = get("/", "Accept: application/json");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    Map<?, ?> listing = JsonMapper.shared().readValue(answer.body(), Map.class);
    assertThat(listing.get("more")).isEqualTo(false);
    List<Object> entries = List.copyOf((List<?>) listing.get("entries"));
    assertThat(entries)
        .hasSize(9)
        .contains(
            Map.of("name", "b.txt", "type", "file", "size", 5, "modified", "2026-01-02T03:04:05Z"))
        .contains(
            Map.of(
                "name",
                "big.iso",
                "type",
                "file",
                "size",
                5_000_000_000L,
                "modified",
                "2026-01-02T03:04:05Z"));
    assertThat(entries.toString()).contains("name=" + EVIL);
  }

  @Test
  void headIsToldTheLengthOfThePage() throws IOException {
    serve(PLAIN.withListing(true));
    Answer answer = head("/");
    assertThat(answer.header("Content-Length")).isEqualTo("" + get("/").body().length());
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void dotFilesAreListedWhereTheyAreServed() throws IOException {
    serve(PLAIN.withListing(true).withDotFiles(DotFiles.ALLOW));
    assertThat(get("/").body()).contains("./.hidden");
  }

  @Test
  void withoutTheOptionNothingIsListed() throws IOException {
    serve(PLAIN);
    assertThat(get("/").status()).isEqualTo(404);
  }

  /**
   * Made where the disk is asked, which is never on a loop; and small enough to be sent at once.
   */
  @Test
  void thePagesAreMadeTogetherWithTheLook() {
    FileTree tree = new FileTree(root, PLAIN.withListing(true));

    assertThat(tree.find(UrlPath.of("//a%20dir/./"), null))
        .isInstanceOfSatisfying(
            FileTree.Listing.class,
            listing -> {
              assertThat(listing.page().toString()).contains("Index of /a dir/").contains("inner");
              assertThat(listing.json().toString()).contains("\"name\":\"inner.txt\"");
            });
  }

  /** What nobody asks for is let go of earlier, which a slow machine may see. */
  @Test
  void aListIsKeptAsLongAsFilesAre() throws IOException {
    app.use("/kept", StaticFiles.from(root, PLAIN.withListing(true).withKeptFor(A_WHILE)));
    app.use(StaticFiles.from(root, PLAIN.withListing(true).withKeptFor(Duration.ZERO)));

    boolean kept = false;
    for (int i = 0; i < 50 && !kept; i++) {
      get("/kept/");
      file("new-" + i, "new");
      Answer page = get("/kept/");
      assertThat(page.body()).contains("b.txt");
      kept = !page.body().contains("new-" + i);
      assertThat(get("/").body()).contains("new-" + i);
    }

    assertThat(kept).isTrue();
  }

  /** Names that are not listed are looked at, too. */
  @Test
  void aDirectoryOfVeryManyHiddenFilesIsLookedAtInPart() throws IOException {
    Path many = Files.createDirectory(root.resolve("many"));
    for (int i = 0; i <= FileTree.MOST_LISTED; i++) {
      Files.createFile(many.resolve(".f" + i));
    }
    serve(PLAIN.withListing(true));

    assertThat(get("/many/", "Accept: application/json").body())
        .startsWith("{\"more\":true,\"entries\":[]");
  }

  @Test
  void aDirectoryOfVeryManyIsListedInPart() throws IOException {
    Path many = Files.createDirectory(root.resolve("many"));
    for (int i = 0; i <= FileTree.MOST_LISTED; i++) {
      Files.createFile(many.resolve("f" + i));
    }
    serve(PLAIN.withListing(true));
    assertThat(get("/many/").body()).contains("These are the first 10000 names; there are more.");
    assertThat(get("/many/", "Accept: application/json").body()).startsWith("{\"more\":true,");
  }
}
