package io.netloop.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the fields of what we send (RFC 7541), straight behind what a writer holds. What a
 * program says again and again costs one byte each time; text is sent as it is, since to squeeze it
 * costs more than it saves. Loop-confined.
 */
final class HpackWriter {
  /** The table that a peer keeps for us, at most; and at first (RFC 7541 §4.2). */
  private static final int MOST_TABLE_BYTES = 4096;

  private static final int ENTRY_BYTES = 32;
  private static final int MOST_ENTRIES = 128;

  /** A power of two, and a multiple of what programs say. */
  private static final int SLOTS = 128;

  private static final int STATIC_ENTRIES = 61;
  private static final int STATUS = 8;
  private static final int CONTENT_LENGTH = 28;

  /** The names of RFC 7541, appendix A, each with its first place. */
  private static final Map<String, Integer> NAMES = names();

  private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

  private @Nullable String[] names = {};
  private @Nullable String[] values = {};

  /** How many entries were ever made: the number of the latest. */
  private long made;

  private int entries;
  private int tableBytes;
  private int maxTableBytes = MOST_TABLE_BYTES;

  /** The least that the table was allowed since fields were last sent; -1 for no change. */
  private int leastTableBytes = -1;

  /** The number of an entry, by the hash of its name and value. */
  private long[] slots = {};

  // Names in small letters, by the same strings in the letters that programs write.
  private @Nullable String[] written = {};
  private @Nullable String[] lowered = {};

  private static Map<String, Integer> names() {
    String[] all = {
      ":authority",
      ":method",
      "",
      ":path",
      "",
      ":scheme",
      "",
      ":status",
      "",
      "",
      "",
      "",
      "",
      "",
      "accept-charset",
      "accept-encoding",
      "accept-language",
      "accept-ranges",
      "accept",
      "access-control-allow-origin",
      "age",
      "allow",
      "authorization",
      "cache-control",
      "content-disposition",
      "content-encoding",
      "content-language",
      "content-length",
      "content-location",
      "content-range",
      "content-type",
      "cookie",
      "date",
      "etag",
      "expect",
      "expires",
      "from",
      "host",
      "if-match",
      "if-modified-since",
      "if-none-match",
      "if-range",
      "if-unmodified-since",
      "last-modified",
      "link",
      "location",
      "max-forwards",
      "proxy-authenticate",
      "proxy-authorization",
      "range",
      "referer",
      "refresh",
      "retry-after",
      "server",
      "set-cookie",
      "strict-transport-security",
      "transfer-encoding",
      "user-agent",
      "vary",
      "via",
      "www-authenticate"
    };
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < all.length; i++) {
      if (!all[i].isEmpty()) {
        places.put(all[i], i + 1);
      }
    }
    return places;
  }

  /** The peer says how large its table may be (SETTINGS_HEADER_TABLE_SIZE). */
  void maxTableBytes(long most) {
    int newMost = (int) Math.min(most, MOST_TABLE_BYTES);
    if (newMost != maxTableBytes || leastTableBytes >= 0) {
      leastTableBytes = leastTableBytes < 0 ? newMost : Math.min(leastTableBytes, newMost);
      maxTableBytes = newMost;
      evict(0);
    }
  }

  /** Before the first field of each block. */
  void begin(HeadWriter to) {
    if (leastTableBytes >= 0) {
      if (leastTableBytes < maxTableBytes) {
        number(to, 0x20, 5, leastTableBytes);
      }
      number(to, 0x20, 5, maxTableBytes);
      leastTableBytes = -1;
    }
  }

  void status(HeadWriter to, int status) {
    for (int i = 0; i < STATUSES.length; i++) {
      if (STATUSES[i] == status) {
        to.put((byte) (0x80 | (STATUS + i)));
        return;
      }
    }
    number(to, 0, 4, STATUS);
    text(to, Integer.toString(status));
  }

  void contentLength(HeadWriter to, long length) {
    number(to, 0, 4, CONTENT_LENGTH);
    text(to, Long.toString(length));
  }

  /** {@code :method}, {@code :scheme} or {@code :path}. */
  void pseudo(HeadWriter to, String name, String value) {
    int whole =
        switch (value) {
          case "GET" -> 2;
          case "POST" -> 3;
          case "/" -> 4;
          case "http" -> 6;
          case "https" -> 7;
          default -> 0;
        };
    if (whole > 0) {
      to.put((byte) (0x80 | whole));
    } else {
      field(to, name, value);
    }
  }

  /** A field whose name is in small letters. */
  void field(HeadWriter to, String name, String value) {
    int hash = (name.hashCode() * 31 + value.hashCode()) & (SLOTS - 1);
    if (slots.length == 0) {
      slots = new long[SLOTS];
    }
    long number = slots[hash];
    if (isThere(number, name, value)) {
      number(to, 0x80, 7, (int) (STATIC_ENTRIES + 1 + made - number));
      return;
    }
    Integer place = NAMES.get(name);
    int bytes = name.length() + value.length() + ENTRY_BYTES;
    int first = 0;
    int bits = 4;
    if (isSecret(name)) {
      first = 0x10;
    } else if (repeats(name) && bytes <= maxTableBytes / 4) {
      first = 0x40;
      bits = 6;
    }
    number(to, first, bits, place == null ? 0 : place);
    if (place == null) {
      text(to, name);
    }
    text(to, value);
    if (first == 0x40) {
      insert(name, value, bytes, hash);
    }
  }

  private boolean isThere(long number, String name, String value) {
    if (number == 0 || number <= made - entries) {
      return false;
    }
    int at = (int) (number & (MOST_ENTRIES - 1));
    return name.equals(names[at]) && value.equals(values[at]);
  }

  /** What no proxy on the way should keep (RFC 7541 §7.1.3). */
  private static boolean isSecret(String name) {
    return switch (name) {
      case "authorization", "proxy-authorization", "set-cookie" -> true;
      default -> false;
    };
  }

  /** Whether the next message is likely to say the same. */
  private static boolean repeats(String name) {
    return switch (name) {
      case "content-length",
          "content-range",
          "etag",
          "last-modified",
          "location",
          "age",
          ":path",
          "if-modified-since",
          "if-none-match",
          "range",
          "sec-websocket-key" ->
          false;
      default -> true;
    };
  }

  private void insert(String name, String value, int bytes, int hash) {
    evict(bytes);
    if (names.length == 0) {
      names = new String[MOST_ENTRIES];
      values = new String[MOST_ENTRIES];
    }
    made++;
    entries++;
    tableBytes += bytes;
    int at = (int) (made & (MOST_ENTRIES - 1));
    names[at] = name;
    values[at] = value;
    slots[hash] = made;
  }

  /** Makes room for so many bytes: the oldest go. */
  private void evict(int more) {
    while (entries > 0 && tableBytes + more > maxTableBytes) {
      int at = (int) ((made - entries + 1) & (MOST_ENTRIES - 1));
      String name = String.valueOf(names[at]);
      String value = String.valueOf(values[at]);
      tableBytes -= name.length() + value.length() + ENTRY_BYTES;
      names[at] = null;
      values[at] = null;
      entries--;
    }
  }

  /** A number behind the bits that say what it is of (RFC 7541 §5.1). */
  private static void number(HeadWriter to, int first, int bits, int number) {
    int most = (1 << bits) - 1;
    if (number < most) {
      to.put((byte) (first | number));
      return;
    }
    to.put((byte) (first | most));
    int rest = number - most;
    while (rest >= 0x80) {
      to.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    to.put((byte) rest);
  }

  private static void text(HeadWriter to, String latin1) {
    number(to, 0, 7, latin1.length());
    to.put(latin1);
  }

  /** The name in small letters; mostly a string that was seen before. */
  @SuppressWarnings("ReferenceEquality") // the same string is found without looking at it
  String lower(String name) {
    if (written.length == 0) {
      written = new String[32];
      lowered = new String[32];
    }
    int slot = name.hashCode() & 31;
    String known = lowered[slot];
    if (written[slot] == name && known != null) {
      return known;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    written[slot] = name;
    lowered[slot] = lower;
    return lower;
  }
}
