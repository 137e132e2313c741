package io.netloop.http;

import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;

/**
 * Why a stream ended before its time. <i>Immutable.</i>
 *
 * @param by who ended it
 * @param code one of {@link Http2Code}
 * @param failure what the program is told
 * @param unprocessed whether the peer has said that it did nothing with the request: it may be sent
 *     again (RFC 9113 §8.7)
 */
record Http2End(CloseCause.By by, int code, NetException failure, boolean unprocessed) {
  /** The peer, or we, have reset it. */
  static Http2End reset(CloseCause.By by, int code) {
    return reset(by, code, "");
  }

  /** The same with what was wrong, for people. */
  static Http2End reset(CloseCause.By by, int code, String what) {
    String name = Http2Code.name(code);
    return new Http2End(
        by,
        code,
        new NetException(
            "ERR_HTTP2_STREAM_ERROR", "Stream closed with error code NGHTTP2_" + name + what),
        code == Http2Code.REFUSED_STREAM);
  }

  /** The connection was lost. */
  static Http2End lost(CloseCause.By by, NetException failure) {
    return new Http2End(by, Http2Code.CANCEL, failure, false);
  }
}
