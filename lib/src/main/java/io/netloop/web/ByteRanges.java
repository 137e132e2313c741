package io.netloop.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@code Range} header asks for (RFC 9110 §14.1). */
final class ByteRanges {
  /** So many parts are sent; who asks for more gets the whole (RFC 9110 §14.2 warns of them). */
  private static final int MOST_PARTS = 16;

  /** So many are looked at. */
  private static final int MOST_RANGES = 64;

  private static final String UNIT = "bytes=";

  /** From the first byte to the last one. */
  record Part(long first, long last) {
    long length() {
      return last - first + 1;
    }
  }

  private ByteRanges() {}

  /**
   * The parts that are asked for, in the order of the header; those that overlap or touch are one.
   *
   * @param size how many bytes there are
   * @return an empty list where there are no such bytes; null where the whole is to be sent: for
   *     another unit, for what is no range, and for too many
   */
  static @Nullable List<Part> of(String header, long size) {
    String text = header.strip();
    if (text.length() < UNIT.length() || !text.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return null;
    }
    List<Part> parts = new ArrayList<>(2);
    int ranges = 0;
    int from = UNIT.length();
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      String range = text.substring(from, to).strip();
      from = to + 1;
      if (range.isEmpty()) {
        continue; // Lists may have empty elements (RFC 9110 §5.6.1.2).
      }
      if (++ranges > MOST_RANGES || !add(range, size, parts)) {
        return null;
      }
    }
    if (ranges == 0) {
      return null;
    }
    List<Part> combined = parts.size() > 1 ? combine(parts) : parts;
    return combined.size() > MOST_PARTS ? null : combined;
  }

  /** Adds the bytes that there are of a range; returns whether it is one. */
  private static boolean add(String range, long size, List<Part> parts) {
    int dash = range.indexOf('-');
    if (dash < 0) {
      return false;
    }
    long first = number(range, 0, dash);
    long last = number(range, dash + 1, range.length());
    if (dash == 0) {
      if (last < 0) {
        return false;
      }
      first = Math.max(0, size - last);
      last = size - 1;
    } else if (first < 0 || (last < 0 && dash + 1 < range.length())) {
      return false;
    } else {
      last = last < 0 ? size - 1 : Math.min(last, size - 1);
    }
    if (first <= last) {
      parts.add(new Part(first, last));
    }
    return true;
  }

  /** Digits as a number, the greatest where it would be greater; -1 where they are none. */
  private static long number(String text, int from, int to) {
    long number = from < to ? 0 : -1;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : number * 10 + digit;
    }
    return number;
  }

  private record Placed(int place, Part part) {}

  private static List<Part> combine(List<Part> parts) {
    List<Placed> sorted = new ArrayList<>();
    for (Part part : parts) {
      sorted.add(new Placed(sorted.size(), part));
    }
    sorted.sort(Comparator.comparingLong(placed -> placed.part.first));
    List<Placed> joined = new ArrayList<>();
    for (Placed next : sorted) {
      Placed before = joined.isEmpty() ? null : joined.getLast();
      if (before == null || next.part.first > before.part.last + 1) {
        joined.add(next);
        continue;
      }
      long last = Math.max(before.part.last, next.part.last);
      int place = Math.min(before.place, next.place);
      joined.set(joined.size() - 1, new Placed(place, new Part(before.part.first, last)));
    }
    joined.sort(Comparator.comparingInt(Placed::place));
    return joined.stream().map(Placed::part).toList();
  }
}
