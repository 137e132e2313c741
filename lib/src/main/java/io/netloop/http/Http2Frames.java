package io.netloop.http;

import java.nio.charset.StandardCharsets;

/** Types, flags and settings of HTTP/2 (RFC 9113 §6), and how frames are put together. */
final class Http2Frames {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int MAX_FRAME_SIZE = 5;
  static final int MAX_HEADER_LIST_SIZE = 6;

  /** RFC 8441 §3. */
  static final int ENABLE_CONNECT_PROTOCOL = 8;

  static final int HEAD_BYTES = 9;
  static final int SETTING_BYTES = 6;
  static final int DEFAULT_WINDOW = 65_535;

  /** The longest payload that each side takes where it says nothing else; we never do. */
  static final int DEFAULT_FRAME = 16_384;

  static final int MOST_FRAME = (1 << 24) - 1;
  private static final int PING_BYTES = 8;

  private Http2Frames() {}

  static void head(HeadWriter to, int length, int type, int flags, int streamId) {
    to.put24(length);
    to.put((byte) type);
    to.put((byte) flags);
    to.put32(streamId);
  }

  /** Settings: number, value, number, value …. */
  static void settings(HeadWriter to, int... settings) {
    head(to, settings.length / 2 * SETTING_BYTES, SETTINGS, 0, 0);
    for (int i = 0; i < settings.length; i += 2) {
      to.put((byte) 0);
      to.put((byte) settings[i]);
      to.put32(settings[i + 1]);
    }
  }

  static void settingsAck(HeadWriter to) {
    head(to, 0, SETTINGS, ACK, 0);
  }

  static void ping(HeadWriter to, boolean ack, byte[] data, int from) {
    head(to, PING_BYTES, PING, ack ? ACK : 0, 0);
    to.put(data, from, PING_BYTES);
  }

  static void windowUpdate(HeadWriter to, int streamId, int more) {
    head(to, 4, WINDOW_UPDATE, 0, streamId);
    to.put32(more);
  }

  static void reset(HeadWriter to, int streamId, int code) {
    head(to, 4, RST_STREAM, 0, streamId);
    to.put32(code);
  }

  static void goAway(HeadWriter to, int lastStreamId, int code, String reason) {
    byte[] words = reason.getBytes(StandardCharsets.UTF_8);
    head(to, 8 + words.length, GOAWAY, 0, 0);
    to.put32(lastStreamId);
    to.put32(code);
    to.put(words);
  }
}
