package io.netloop.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a program sets with each response, as the same strings: they are checked once, and
 * their lines kept as bytes. One of those that change takes the place of another, and costs what it
 * would without this. Loop-confined.
 */
final class HeaderLines {
  /** A power of two. Few programs set more headers than half of it. */
  private static final int SLOTS = 64;

  private static final int SHORT_BODY = 1024;

  private final @Nullable String[] names = new String[SLOTS];
  private final @Nullable String[] values = new String[SLOTS];
  private final byte[] @Nullable [] lines = new byte[SLOTS][];

  /** The lines of Content-Length for short bodies, by their length, each with an empty one. */
  private final byte[] @Nullable [] lengths = new byte[SHORT_BODY][];

  /** Whether these very strings were set, and so checked, before; null never was. */
  @SuppressWarnings("ReferenceEquality") // that is the point
  boolean knows(String name, @Nullable String value) {
    if (value == null) {
      return false;
    }
    int slot = slot(name, value);
    if (names[slot] != name || values[slot] != value) {
      return false;
    }
    if (lines[slot] == null) {
      lines[slot] = (name + ": " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
    return true;
  }

  /** These strings were checked, and may be set again; not those that say how a message is read. */
  void remember(String name, String value) {
    if (!concernsReading(name)) {
      int slot = slot(name, value);
      names[slot] = name;
      values[slot] = value;
      lines[slot] = null;
    }
  }

  private static boolean concernsReading(String name) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase("date");
      case 7 -> name.equalsIgnoreCase("trailer");
      case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
      case 14 -> name.equalsIgnoreCase("content-length");
      case 17 -> name.equalsIgnoreCase("transfer-encoding");
      default -> false;
    };
  }

  /** The line that these very strings make, where they were set more than once; else null. */
  @SuppressWarnings("ReferenceEquality") // that is the point
  byte @Nullable [] line(String name, Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    int slot = slot(name, text);
    return names[slot] == name && values[slot] == text ? lines[slot] : null;
  }

  /** Whether lines are kept for all of these. */
  boolean know(OutgoingHeaders headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (line(headers.name(i), headers.value(i)) == null) {
        return false;
      }
    }
    return true;
  }

  /** Puts the line that says how long a body is, as the last of a head. */
  void putLength(HeadWriter head, long length) {
    if (length >= SHORT_BODY) {
      head.put("Content-Length: ");
      head.put(length);
      head.putLineEnd();
      head.putLineEnd();
      return;
    }
    byte[] line = lengths[(int) length];
    if (line == null) {
      line = ("Content-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
      lengths[(int) length] = line;
    }
    head.put(line);
  }

  /** The types of contents that a server has are mostly of different lengths. */
  private static int slot(String name, String value) {
    return (name.hashCode() + value.length()) & (SLOTS - 1);
  }
}
