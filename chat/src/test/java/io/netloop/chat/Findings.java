package io.netloop.chat;

import io.netloop.loop.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what a scanner finds: objects as their text (Latin-1, so that every byte is seen). */
final class Findings implements JsonScanner.Sink {
  static final String BAD = "<bad>";
  static final String TOO_LONG = "<too long>";

  final List<String> found = new ArrayList<>();
  final JsonScanner scanner;

  Findings(int maxBytes) {
    scanner = new JsonScanner(maxBytes, this);
  }

  Findings() {
    this(65_536);
  }

  /** Feeds a text in UTF-8 as one piece. */
  Findings feed(String text) {
    return feed(text.getBytes(StandardCharsets.UTF_8));
  }

  Findings feed(byte[] bytes) {
    scanner.feed(Buffer.from(bytes));
    return this;
  }

  Findings feedEachByte(byte[] bytes) {
    for (byte b : bytes) {
      scanner.feed(Buffer.from(new byte[] {b}));
    }
    return this;
  }

  @Override
  public void receive(byte[] json) {
    found.add(new String(json, StandardCharsets.UTF_8));
  }

  @Override
  public void badMessage() {
    found.add(BAD);
  }

  @Override
  public void tooLong() {
    found.add(TOO_LONG);
  }
}
