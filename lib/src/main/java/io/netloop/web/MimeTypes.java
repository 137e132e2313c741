package io.netloop.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file is, by the end of its name: the data set of mime-db, as Node's package {@code mime}
 * reads it. <i>Thread-safe.</i>
 *
 * @see <a href="https://github.com/jshttp/mime-db">mime-db</a>
 */
public final class MimeTypes {
  /** The type of what has none: bytes that nobody should guess the meaning of. */
  public static final String BYTES = "application/octet-stream";

  private static final String TABLE = "mime.types";
  private static final Map<String, String> BY_EXTENSION = read();

  private MimeTypes() {}

  /**
   * The type of a file's name, of a path, or of an extension alone: {@code getType} of {@code
   * mime}.
   *
   * @param name such as {@code "site/main.JS"}, {@code ".js"} or {@code "js"}; capitals do not
   *     count
   * @return such as {@code text/javascript}, or null for what is not known
   */
  public static @Nullable String type(String name) {
    int slash = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\'));
    String last = name.substring(slash + 1).toLowerCase(Locale.ROOT);
    int dot = last.lastIndexOf('.');
    if (slash >= 0 && dot <= 0) {
      return null; // A path whose last name has no extension: "a/js" is no script.
    }
    return BY_EXTENSION.get(last.substring(dot + 1));
  }

  /**
   * The {@code Content-Type} of a file of this name: its type, {@link #BYTES} where it is not
   * known, and for text {@code charset=utf-8}.
   *
   * @param fileName the last part of a path; one that only begins with a dot has no extension
   */
  public static String contentType(String fileName) {
    return contentType(fileName, "utf-8");
  }

  /** As {@link #contentType(String)}, with another charset; an empty one is left out. */
  static String contentType(String fileName, String charset) {
    String type = fileName.lastIndexOf('.') > 0 ? type(fileName) : null;
    if (type == null) {
      return BYTES;
    }
    return isText(type) && !charset.isEmpty() ? type + "; charset=" + charset : type;
  }

  /** Whether a type is one of text, and needs a charset to be read. */
  static boolean isText(String type) {
    return type.startsWith("text/")
        || switch (type) {
          case "application/json",
              "application/javascript",
              "application/xml",
              "application/manifest+json",
              "image/svg+xml" ->
              true;
          default -> false;
        };
  }

  /** All that are known. */
  static Set<String> extensions() {
    return BY_EXTENSION.keySet();
  }

  private static Map<String, String> read() {
    Map<String, String> types = new HashMap<>(2048);
    try (InputStream bytes = MimeTypes.class.getResourceAsStream(TABLE);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(bytes), StandardCharsets.US_ASCII))) {
      for (String line; (line = lines.readLine()) != null; ) {
        String[] words = line.startsWith("#") ? new String[0] : line.split(" ");
        for (int i = 1; i < words.length; i++) {
          types.put(words[i], words[0]);
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return Map.copyOf(types);
  }
}
