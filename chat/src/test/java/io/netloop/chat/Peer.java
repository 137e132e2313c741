package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Somebody at a plain socket of the JDK, who reads only when told to. Reading waits a few seconds
 * at most, and then fails.
 */
final class Peer implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;

  /** What the last read gave, and how much of it has not been heard yet. */
  private final byte[] piece = new byte[65_536];

  private int at;
  private int end;

  /** Connects; {@code roomBytes} bounds what its system takes unread, 0 leaves that alone. */
  Peer(int port, int roomBytes) {
    try {
      if (roomBytes > 0) {
        socket.setReceiveBufferSize(roomBytes);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
      socket.setSoTimeout((int) House.SOON.toMillis());
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // Saying

  /** Sends these characters in UTF-8 with one write, and nothing after them. */
  Peer sends(String text) {
    return sends(text.getBytes(StandardCharsets.UTF_8));
  }

  Peer sends(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return this;
  }

  /** Sends a line. */
  Peer says(String json) {
    return sends(json + "\n");
  }

  /** Logs in by a line, and reads the answer. */
  Peer logsIn(String nickname) {
    says(login(nickname));
    assertThat(hears()).contains("\"success\":true");
    return this;
  }

  /** As {@link #logsIn}, where the answer to a bad message comes first. */
  Peer logsInAfterABadMessage(String nickname) {
    says(login(nickname));
    assertThat(hearsCode()).isEqualTo("BAD_MESSAGE");
    assertThat(hears()).contains("\"success\":true");
    return this;
  }

  Peer broadcasts(String message) {
    return says(broadcast(message));
  }

  Peer whispers(String nickname, String message) {
    return says(whisper(nickname, message));
  }

  static String login(String nickname) {
    return new JsonText().text("type", "login").text("nickname", nickname).end();
  }

  static String broadcast(String message) {
    return new JsonText().text("type", "broadcast").text("message", message).end();
  }

  static String whisper(String nickname, String message) {
    return new JsonText()
        .text("type", "p2p")
        .text("nickname", nickname)
        .text("message", message)
        .end();
  }

  // Hearing

  /** The next line, without its end. */
  String hears() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (at == end) {
        assertThat(fill()).as("the connection has ended after: %s", line).isTrue();
      }
      byte b = piece[at++];
      if (b == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(b);
    }
  }

  /** Reads that many lines. */
  List<String> hears(int lines) {
    List<String> heard = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      heard.add(hears());
    }
    return heard;
  }

  /** The value of {@code message} in the next line. */
  String hearsMessage() {
    String line = hears();
    var message = Pattern.compile("\"message\":\"([^\"]*)\"").matcher(line);
    assertThat(message.find()).as("a message in %s", line).isTrue();
    return message.group(1);
  }

  /** The value of {@code code} in the next line. */
  String hearsCode() {
    String line = hears();
    var code = Pattern.compile("\"code\":\"([A-Z_]*)\"").matcher(line);
    assertThat(code.find()).as("a code in %s", line).isTrue();
    return code.group(1);
  }

  /** What one read of the system gives: a 'data' event, as a client in Node would see it. */
  String hearsPiece() {
    if (at == end) {
      fill();
    }
    String text = new String(piece, at, end - at, StandardCharsets.UTF_8);
    at = end;
    return text;
  }

  /** Everything up to the end of the connection, which must be an orderly one. */
  String hearsToTheEnd() {
    StringBuilder all = new StringBuilder();
    for (String next = hearsPiece(); !next.isEmpty(); next = hearsPiece()) {
      all.append(next);
    }
    return all.toString();
  }

  /** Reads once; false at the end. */
  private boolean fill() {
    try {
      at = 0;
      end = Math.max(0, in.read(piece));
      return end > 0;
    } catch (IOException failure) {
      at = end;
      throw new UncheckedIOException(failure);
    }
  }

  /** Whether the connection ends, in order or not, whatever comes before. */
  boolean isDropped() {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Passes if nothing was sent to this user up to now: its own word is the next thing it hears. */
  void hasHeardNothing() {
    broadcasts("nothing?");
    assertThat(hearsMessage()).isEqualTo("nothing?");
  }

  // Going

  /** Ends its side, and goes on reading. */
  Peer halfCloses() {
    try {
      socket.shutdownOutput();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return this;
  }

  /** Goes with a reset. */
  void resets() {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException failure) {
      throw new UncheckedIOException(failure);
    }
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
