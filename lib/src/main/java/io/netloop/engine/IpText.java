package io.netloop.engine;

import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text, exactly as strict as {@code inet_pton}: no leading zeros, no hexadecimal
 * IPv4, no blanks, no brackets (RFC 4291 §2.2). An IPv6 address may carry a zone (RFC 4007 §11).
 */
public final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  /** The 4 or 16 bytes of an address, its zone left out; null for any other text. */
  public static byte @Nullable [] parse(String text) {
    int percent = text.indexOf('%');
    if (percent >= 0) {
      return isZone(text, percent + 1) ? parseIpv6(text.substring(0, percent)) : null;
    }
    return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text, 0);
  }

  /** 4, 6, or 0 for what is no address. */
  public static int version(String text) {
    byte[] bytes = parse(text);
    return bytes == null ? 0 : bytes.length == 4 ? 4 : 6;
  }

  /**
   * The shortest text of an address: the longest run of zero groups becomes {@code ::}, and IPv4
   * inside IPv6 is shown as such (RFC 5952).
   */
  public static String format(byte[] bytes) {
    return bytes.length == 4 ? formatIpv4(bytes, 0) : formatIpv6(bytes);
  }

  /** One or more of letters, digits, {@code -}, {@code .} and {@code :}. */
  private static boolean isZone(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
      if (!letterOrDigit && c != '-' && c != '.' && c != ':') {
        return false;
      }
    }
    return from < text.length();
  }

  private static byte @Nullable [] parseIpv4(String text, int from) {
    byte[] bytes = new byte[4];
    int at = from;
    for (int i = 0; i < 4; i++) {
      int start = at;
      int value = 0;
      while (at < text.length() && isDigit(text.charAt(at)) && at - start < 3) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || leadingZero || value > 255) {
        return null;
      }
      bytes[i] = (byte) value;
      boolean last = i == 3;
      if (last ? at != text.length() : at >= text.length() || text.charAt(at++) != '.') {
        return null;
      }
    }
    return bytes;
  }

  private static byte @Nullable [] parseIpv6(String text) {
    byte[] bytes = new byte[16];
    int length = 0; // bytes so far
    int gap = -1; // where the "::" stands, in bytes
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    } else if (text.startsWith(":")) {
      return null;
    }
    while (at < text.length()) {
      int end = groupEnd(text, at);
      if (end < text.length() && text.charAt(end) == '.') {
        byte[] ipv4 = parseIpv4(text, at);
        if (ipv4 == null || length > 12) {
          return null;
        }
        System.arraycopy(ipv4, 0, bytes, length, 4);
        length += 4;
        break;
      }
      if (end == at || end - at > 4 || length == 16) {
        return null;
      }
      int group = Integer.parseInt(text, at, end, 16);
      bytes[length++] = (byte) (group >> 8);
      bytes[length++] = (byte) group;
      at = end;
      if (at == text.length()) {
        break;
      }
      if (text.charAt(at++) != ':' || at == text.length()) {
        return null;
      }
      if (text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = length;
        at++;
      }
    }
    return gap < 0 ? length == 16 ? bytes : null : widen(bytes, length, gap);
  }

  /** Moves what follows the gap to the end; a gap stands for one group of zeros at least. */
  private static byte @Nullable [] widen(byte[] bytes, int length, int gap) {
    if (length > 14) {
      return null;
    }
    byte[] wide = new byte[16];
    System.arraycopy(bytes, 0, wide, 0, gap);
    System.arraycopy(bytes, gap, wide, 16 - (length - gap), length - gap);
    return wide;
  }

  private static int groupEnd(String text, int from) {
    int end = from;
    while (end < text.length()
        && text.charAt(end) < 128
        && Character.digit(text.charAt(end), 16) >= 0) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String formatIpv4(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }

  private static String formatIpv6(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int gap = longestZeros(groups);
    int gapEnd = gap < 0 ? -1 : zerosEnd(groups, gap);
    boolean mapped = gap == 0 && gapEnd == 5 && groups[5] == 0xffff;
    boolean compatible = gap == 0 && gapEnd == 6;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i = gapEnd - 1;
        continue;
      }
      if (i > 0 && i != gapEnd) {
        text.append(':');
      }
      if (i == 6 && (mapped || compatible)) {
        return text.append(formatIpv4(bytes, 12)).toString();
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  /** The first of the longest runs of at least two zero groups, or -1. */
  private static int longestZeros(int[] groups) {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zerosEnd(groups, i) - i;
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
    }
    return best;
  }

  private static int zerosEnd(int[] groups, int from) {
    int end = from;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end;
  }
}
