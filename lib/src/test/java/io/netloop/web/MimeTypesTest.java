package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Types of files by their names. */
class MimeTypesTest {
  private static final Path TABLE = Path.of("src/main/resources/io/netloop/web/mime.types");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "html htm | text/html",
        "css | text/css",
        "js mjs | text/javascript",
        "cjs | application/node",
        "json map | application/json",
        "txt log | text/plain",
        "md | text/markdown",
        "csv | text/csv",
        "xml | application/xml",
        "xhtml | application/xhtml+xml",
        "yaml yml | text/yaml",
        "webmanifest | application/manifest+json",
        "wasm | application/wasm",
        "rss | application/rss+xml",
        "atom | application/atom+xml",
        "png | image/png",
        "jpg jpeg | image/jpeg",
        "gif | image/gif",
        "webp | image/webp",
        "avif | image/avif",
        "svg | image/svg+xml",
        "ico | image/vnd.microsoft.icon",
        "bmp | image/bmp",
        "tiff | image/tiff",
        "woff | font/woff",
        "woff2 | font/woff2",
        "ttf | font/ttf",
        "otf | font/otf",
        "eot | application/vnd.ms-fontobject",
        "jsonld | application/ld+json",
        "mp3 | audio/mpeg",
        "wav | audio/wav",
        "ogg | audio/ogg",
        "m4a | audio/mp4",
        "mp4 | video/mp4",
        "webm | video/webm",
        "mov | video/quicktime",
        "m3u8 | application/vnd.apple.mpegurl",
        "ts | video/mp2t",
        "pdf | application/pdf",
        "zip | application/zip",
        "gz | application/gzip",
        "tar | application/x-tar",
        "7z | application/x-7z-compressed",
        "ics | text/calendar",
        "doc | application/msword",
        "docx | application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls | application/vnd.ms-excel",
        "xlsx | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt | application/vnd.ms-powerpoint",
        "pptx | application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "bin exe | application/octet-stream",
        "apk | application/vnd.android.package-archive",
      })
  void typesAreKnownByTheEndOfAName(String extensions, String type) {
    for (String extension : extensions.split(" ", -1)) {
      assertThat(MimeTypes.type("a." + extension)).isEqualTo(type);
      assertThat(MimeTypes.type("a/b.c." + extension.toUpperCase(Locale.ROOT))).isEqualTo(type);
      assertThat(MimeTypes.type(extension)).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.html       | text/html; charset=utf-8",
        "a.js         | text/javascript; charset=utf-8",
        "a.json       | application/json; charset=utf-8",
        "a.xml        | application/xml; charset=utf-8",
        "a.svg        | image/svg+xml; charset=utf-8",
        "a.webmanifest | application/manifest+json; charset=utf-8",
        "a.png        | image/png",
        "a.xhtml      | application/xhtml+xml",
        "a.unknown    | application/octet-stream",
        "html         | application/octet-stream",
        ".html        | application/octet-stream",
        ".a.html      | text/html; charset=utf-8",
        "a.           | application/octet-stream",
        "a.__proto__  | application/octet-stream",
      })
  void textHasACharset(String name, String type) {
    assertThat(MimeTypes.contentType(name)).isEqualTo(type);
  }

  /**
   * The table is made of the data set: where several types claim an extension it has the one with
   * the greatest score, as npm's {@code mime-score} counts. {@code -Dnetloop.mime=write} makes it
   * anew.
   */
  @Test
  void theTableIsThatOfTheDataSet() throws IOException {
    Map<String, List<String>> expected = new TreeMap<>();
    best()
        .forEach((extension, type) ->
            expected.computeIfAbsent(type, each -> new ArrayList<>()).add(extension));
    String table =
        expected.entrySet().stream()
            .map(each ->
                each.getKey() + " " + String.join(" ", new TreeSet<>(each.getValue())) + "\n")
            .collect(Collectors.joining());
    String file = Files.readString(TABLE);
    String head = file.substring(0, file.indexOf("\n\n") + 2);
    if ("write".equals(System.getProperty("netloop.mime"))) {
      Files.writeString(TABLE, head + table);
    }
    assertThat(Files.readString(TABLE)).isEqualTo(head + table);
    assertThat(head).contains("MIT License", "Permission is hereby granted");
  }

  private static Map<String, String> best() throws IOException {
    Map<?, ?> types;
    try (InputStream json =
        MimeTypesTest.class.getResourceAsStream(
            "/META-INF/resources/webjars/mime-db/1.54.0/db.json")) {
      types =
          JsonMapper.shared()
              .readValue(new String(json.readAllBytes(), StandardCharsets.UTF_8), Map.class);
    }
    Map<String, String> best = new HashMap<>();
    Map<String, Double> scores = new HashMap<>();
    types.forEach((type, facts) -> {
      Map<?, ?> known = (Map<?, ?>) facts;
      double score = score((String) type, (String) known.get("source"));
      List<?> extensions = (List<?>) known.get("extensions");
      if (extensions != null) {
        for (Object extension : extensions) {
          if (score > scores.getOrDefault(extension, 0.0)) {
            scores.put((String) extension, score);
            best.put((String) extension, (String) type);
          }
        }
      }
    });
    return best;
  }

  /** The registered before the private, IANA's before others', short before long. */
  private static double score(String type, String source) {
    String[] parts = type.split("/", -1);
    String sub = parts[1];
    int facet =
        sub.startsWith("prs.")
            ? 100
            : sub.startsWith("x-")
                ? 200
                : sub.startsWith("x.") ? 300 : sub.startsWith("vnd.") ? 400 : 900;
    int from =
        switch (source == null ? "" : source) {
          case "nginx" -> 10;
          case "apache" -> 20;
          case "iana" -> 40;
          default -> 30;
        };
    int kind =
        switch (parts[0]) {
          case "application" -> 1;
          case "font", "audio" -> 2;
          case "video" -> 3;
          default -> 0;
        };
    return facet + from + kind + 1 - type.length() / 100.0;
  }
}
