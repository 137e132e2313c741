package io.netloop.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one part of a form (RFC 7578 §4.2). <i>Immutable.</i>
 *
 * @param name the field's
 * @param fileName the last segment of the file's; null where the part is no file
 * @param contentType what it is said to be, or {@code text/plain}
 */
record PartHead(String name, @Nullable String fileName, String contentType) {
  /** What most file systems take as a name. */
  private static final int MOST_NAME_BYTES = 200;

  /**
   * Reads them.
   *
   * @throws WebException 400 where the part does not say which field it is
   */
  static PartHead parse(String lines) {
    String name = null;
    String fileName = null;
    String contentType = "text/plain";
    for (String line : lines.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
        case "content-disposition" -> {
          List<String> parts = MediaType.split(value, ';');
          for (String part : parts.subList(1, parts.size())) {
            if (isParameter(part, "name")) {
              name = text(part);
            } else if (isParameter(part, "filename")) {
              fileName = safe(text(part));
            }
          }
        }
        case "content-type" -> contentType = value.isEmpty() ? contentType : value;
        default -> {
          // No other header says anything (RFC 7578 §4.8).
        }
      }
    }
    if (name == null) {
      throw new WebException(
          400, "ERR_MULTIPART", "A part of the form does not say which field it is.");
    }
    return new PartHead(name, fileName, contentType);
  }

  private static boolean isParameter(String part, String name) {
    int sign = part.indexOf('=');
    return sign > 0 && part.substring(0, sign).strip().equalsIgnoreCase(name);
  }

  /** As browsers write it: quotes and line ends are escaped as in URLs, backslashes stand. */
  private static String text(String part) {
    String value = part.substring(part.indexOf('=') + 1).strip();
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1).replace("\\\"", "\"");
    }
    return value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
  }

  /** The last segment, without characters that no file should have in its name. */
  private static String safe(String sent) {
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    StringBuilder safe = new StringBuilder();
    int bytes = 0;
    for (int c : last.codePoints().toArray()) {
      int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      boolean isOdd = c < 0x20 || c == 0x7f || c == 0xfffd || "<>:\"|?*".indexOf(c) >= 0;
      if (bytes + length > MOST_NAME_BYTES) {
        break;
      }
      safe.appendCodePoint(isOdd || isTurning(c) ? '_' : c);
      bytes += length;
    }
    String name = safe.toString().strip();
    return name.isEmpty() || name.equals(".") || name.equals("..") ? "file" : name;
  }

  /** What turns the direction of text hides what a name ends with. */
  private static boolean isTurning(int c) {
    return (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f;
  }
}
