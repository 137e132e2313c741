package io.netloop.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The text encodings that Node names, with Node's leniency: a wrong character ends or is skipped,
 * and never throws. <i>Immutable.</i>
 *
 * @see <a href="https://nodejs.org/api/buffer.html#buffers-and-character-encodings">Node: Buffers
 *     and character encodings</a>
 */
public enum Encoding {
  UTF8,
  UTF16LE,
  LATIN1,
  ASCII,
  HEX,
  BASE64,
  BASE64URL;

  /** The encoding of that name in any letter case, or null where Node has none of it. */
  public static @Nullable Encoding of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "utf8", "utf-8" -> UTF8;
      case "utf16le", "utf-16le", "ucs2", "ucs-2" -> UTF16LE;
      case "latin1", "binary" -> LATIN1;
      case "ascii" -> ASCII;
      case "hex" -> HEX;
      case "base64" -> BASE64;
      case "base64url" -> BASE64URL;
      default -> null;
    };
  }

  /** Text to bytes. */
  public byte[] encode(String text) {
    return switch (this) {
      case UTF8 -> text.getBytes(StandardCharsets.UTF_8);
      case UTF16LE -> text.getBytes(StandardCharsets.UTF_16LE);
      case LATIN1, ASCII -> lowBytes(text);
      case HEX -> hexPairs(text);
      case BASE64, BASE64URL -> looseBase64(text);
    };
  }

  /** Bytes to text. */
  public String decode(byte[] bytes, int from, int length) {
    return switch (this) {
      case UTF8 -> new String(bytes, from, length, StandardCharsets.UTF_8);
      case UTF16LE -> new String(bytes, from, length & ~1, StandardCharsets.UTF_16LE);
      case LATIN1 -> new String(bytes, from, length, StandardCharsets.ISO_8859_1);
      case ASCII -> sevenBits(bytes, from, length);
      case HEX -> HexFormat.of().formatHex(bytes, from, from + length);
      case BASE64 ->
          Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, from + length));
      case BASE64URL ->
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(Arrays.copyOfRange(bytes, from, from + length));
    };
  }

  private static byte[] lowBytes(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return bytes;
  }

  private static String sevenBits(byte[] bytes, int from, int length) {
    byte[] cleared = Arrays.copyOfRange(bytes, from, from + length);
    for (int i = 0; i < length; i++) {
      cleared[i] &= 0x7f;
    }
    return new String(cleared, StandardCharsets.ISO_8859_1);
  }

  /** Stops at the first pair that is not two hexadecimal digits, as Node does. */
  private static byte[] hexPairs(String text) {
    byte[] bytes = new byte[text.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      char high = text.charAt(2 * i);
      char low = text.charAt(2 * i + 1);
      if (!HexFormat.isHexDigit(high) || !HexFormat.isHexDigit(low)) {
        return Arrays.copyOf(bytes, i);
      }
      bytes[i] = (byte) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
    }
    return bytes;
  }

  /** Takes both alphabets, skips what belongs to neither, and ends at the padding. */
  private static byte[] looseBase64(String text) {
    byte[] bytes = new byte[text.length() * 3 / 4 + 3];
    int length = 0;
    int bits = 0;
    int collected = 0;
    for (int i = 0; i < text.length() && text.charAt(i) != '='; i++) {
      int digit = base64Digit(text.charAt(i));
      if (digit < 0) {
        continue;
      }
      collected = (collected << 6 | digit) & 0xffffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[length++] = (byte) (collected >> bits);
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static int base64Digit(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return switch (c) {
      case '+', '-' -> 62;
      case '/', '_' -> 63;
      default -> -1;
    };
  }
}
