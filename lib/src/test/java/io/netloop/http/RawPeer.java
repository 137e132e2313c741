package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that sends what it likes, byte for byte, and sees what comes back. */
final class RawPeer implements AutoCloseable {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket = new Socket();
  private final StringBuilder seen = new StringBuilder();

  RawPeer(HttpServer server) {
    this(server, 0);
  }

  /**
   * With a small buffer for what it receives, so that what it does not read stays with the server.
   */
  RawPeer(HttpServer server, int receiveBuffer) {
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.address().port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawPeer send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawPeer send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends until the server does not want to hear more. */
  boolean trySend(String text) {
    try {
      send(text);
      return true;
    } catch (UncheckedIOException refused) {
      return false;
    }
  }

  /** Says the end of what it sends, and goes on reading. */
  RawPeer endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that comes until the server ends. */
  String rest() {
    return until(null);
  }

  /** All that comes until the server ends, and then our end. */
  String lastWords() {
    String words = rest();
    close();
    return words;
  }

  /** What comes up to and with this text; what is behind it is kept. */
  String until(String text) {
    try {
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[16 * 1024];
      int from = 0;
      int found;
      while (text == null || (found = seen.indexOf(text, Math.max(0, from - text.length()))) < 0) {
        from = seen.length();
        int count = in.read(piece);
        if (count < 0) {
          assertThat(text).describedAs("what was waited for, after <%s>", seen).isNull();
          return take(seen.length());
        }
        seen.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
      }
      return take(found + text.length());
    } catch (IOException e) {
      throw new UncheckedIOException("after <" + seen + ">", e);
    }
  }

  private String take(int length) {
    String taken = seen.substring(0, length);
    seen.delete(0, length);
    return taken;
  }

  /** The statuses of all answers in what came. */
  static List<Integer> statuses(String answers) {
    List<Integer> statuses = new ArrayList<>();
    for (Matcher line = STATUS_LINE.matcher(answers); line.find(); ) {
      statuses.add(Integer.parseInt(line.group(1)));
    }
    return statuses;
  }

  /** Goes without a word of goodbye. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
