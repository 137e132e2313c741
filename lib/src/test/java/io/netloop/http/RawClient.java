package io.netloop.http;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A client of plain bytes: it says what it is told to, and keeps what it hears. */
final class RawClient implements AutoCloseable {
  /** What is asked last, to see whether the connection still serves. */
  private static final String PROBE = "GET /probe HTTP/1.1\r\nHost: h\r\n\r\n";

  private static final String PROBED = "probe!";

  /** What the client does, one after another. */
  sealed interface Step {}

  record Send(String latin1) implements Step {}

  record Hear(String text) implements Step {}

  record See(String note) implements Step {}

  record End() implements Step {}

  record Reset() implements Step {}

  private final Socket socket;
  private final InputStream in;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
  private boolean gone;

  RawClient(int port, Duration patience) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    in = socket.getInputStream();
  }

  /** Does all steps, and gives what was heard and how it ended. */
  String run(List<Step> steps, boolean probes, Notes notes) throws IOException {
    int last = steps.size() - 1;
    for (int i = 0; i <= last; i++) {
      switch (steps.get(i)) {
        case Send send -> send(i == last && probes ? send.latin1 + PROBE : send.latin1);
        case Hear hear -> hear(hear.text);
        case See see -> await(see.note).until(() -> notes.lines().contains(see.note));
        case End end -> socket.shutdownOutput();
        case Reset reset -> {
          socket.setSoLinger(true, 0);
          socket.close();
          return heard() + "[gone]";
        }
      }
    }
    if (probes && !(steps.getLast() instanceof Send)) {
      send(PROBE);
    }
    return rest(probes);
  }

  void send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException closed) {
      gone = true;
    }
  }

  void send(String latin1) throws IOException {
    send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads until this text has come. */
  String hear(String text) throws IOException {
    while (!heard().contains(text)) {
      if (!read()) {
        throw new AssertionError("The connection ended before " + text + " came:\n" + heard());
      }
    }
    return heard();
  }

  /** Reads until the end. */
  String hearAll() throws IOException {
    boolean more = true;
    while (more) {
      more = read();
    }
    return heard();
  }

  private String rest(boolean probes) throws IOException {
    try {
      while (!probes || !heard().endsWith(PROBED)) {
        if (!read()) {
          return heard() + "[closed]";
        }
      }
      return heard() + "[open]";
    } catch (SocketTimeoutException silence) {
      return heard() + "[silent]";
    }
  }

  private boolean read() throws IOException {
    byte[] bytes = new byte[16 * 1024];
    try {
      int length = gone ? -1 : in.read(bytes);
      if (length < 0) {
        return false;
      }
      heard.write(bytes, 0, length);
      return true;
    } catch (SocketException reset) {
      return false;
    }
  }

  String heard() {
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
