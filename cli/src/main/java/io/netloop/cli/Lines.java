package io.netloop.cli;

import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts bytes into lines, at LF or CR LF, and reads them as UTF-8. A line may be as long as the
 * limit; of a longer one the rest is dropped. <i>Loop-confined.</i>
 */
final class Lines {
  private final int maxBytes;
  private final Consumer<String> line;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  Lines(int maxBytes, Consumer<String> line) {
    this.maxBytes = maxBytes;
    this.line = line;
  }

  void feed(Buffer piece) {
    int start = 0;
    for (int end = piece.indexOf('\n', 0); end >= 0; end = piece.indexOf('\n', start)) {
      keep(piece.slice(start, end));
      start = end + 1;
      tell();
    }
    keep(piece.slice(start));
  }

  /** The last line may have no line end. */
  void end() {
    if (begun.size() > 0) {
      tell();
    }
  }

  private void keep(Buffer part) {
    int room = Math.min(part.length(), maxBytes - begun.size());
    begun.writeBytes(part.slice(0, room).toByteArray());
  }

  private void tell() {
    String text = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    line.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
