package io.netloop.http;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Reactor;
import io.netloop.engine.SocketAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a connection, in HTTP/1.1. Heads and small bodies are put together in one array,
 * which leaves when it is full or nobody holds it: one write for many messages. Loop-confined.
 */
final class SocketWire implements Wire {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final SocketAccess<TcpSocket> SOCKETS = SocketAccess.of(TcpSocket.class);

  /** Up to this length a body is copied behind its head: cheaper than a piece of its own. */
  static final int SMALL_BYTES = 8 * 1024;

  /** What is put together leaves from so many bytes on, also while it is held. */
  private static final int FULL_BYTES = 32 * 1024;

  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

  private final TcpSocket socket;
  private final HeadWriter writer;
  private boolean held;

  SocketWire(TcpSocket socket, Reactor reactor) {
    this.socket = socket;
    this.writer = new HeadWriter(reactor.spareArray());
  }

  /** Where small bytes are put, behind what was put there before; then call {@link #written}. */
  HeadWriter writer() {
    return writer;
  }

  /** Lets small bytes gather, until {@link #flush}. */
  void hold() {
    held = true;
  }

  /** Sends what has gathered, and holds no more. */
  void flush() {
    held = false;
    send();
  }

  /** As {@link #flush}, where all that was read is answered, and nothing follows for now. */
  void sendNow() {
    held = false;
    int length = writer.length();
    if (length > 0) {
      byte[] bytes = writer.lend();
      SOCKETS.writeNow(socket, bytes, 0, length);
      writer.giveBack(bytes);
    }
  }

  private void send() {
    if (!writer.isEmpty()) {
      socket.write(BYTES.wrap(writer.take()));
    }
  }

  @Override
  public void written() {
    if (!held || writer.length() >= FULL_BYTES) {
      send();
    }
  }

  /** More bytes than are worth a copy, behind what has gathered. */
  void write(Buffer data) {
    send();
    socket.write(data);
  }

  @Override
  public void head(OutgoingMessage<?> message, long bodyLength) {
    int before = writer.length();
    try {
      message.putHead(writer, bodyLength);
    } catch (NetException unsendable) {
      writer.truncate(before);
      throw unsendable;
    }
  }

  @Override
  public void head(OutgoingMessage<?> message, Buffer bytes, long bodyLength) {
    put(bytes);
  }

  @Override
  public void information(int status, OutgoingHeaders lines) {
    StatusCodes.putLine(writer, status);
    putLines(writer, lines);
    writer.putLineEnd();
  }

  /** A header with a list makes a line for each of its elements. */
  static void putLines(HeadWriter writer, OutgoingHeaders lines) {
    for (int i = 0; i < lines.size(); i++) {
      putLines(writer, lines.name(i), lines.value(i));
    }
  }

  static void putLines(HeadWriter writer, String name, Object value) {
    if (value instanceof String text) {
      writer.putHeader(name, text);
    } else {
      for (String line : OutgoingHeaders.texts(value)) {
        writer.putHeader(name, line);
      }
    }
  }

  @Override
  public void body(OutgoingMessage<?> message, Buffer data, boolean last) {
    int length = data.length();
    if (message.chunked) {
      writer.putHex(length);
      writer.putLineEnd();
    }
    if (length <= SMALL_BYTES) {
      put(data);
    } else {
      write(data);
    }
    if (message.chunked) {
      writer.putLineEnd();
    }
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public void file(
      OutgoingMessage<?> message,
      FileChannel file,
      long position,
      long length,
      Consumer<@Nullable NetException> whenUnused) {
    if (message.chunked) {
      writer.putHex(length);
      writer.putLineEnd();
    }
    send();
    socket.writeFile(file, position, length, whenUnused);
    if (message.chunked) {
      writer.putLineEnd();
    }
  }

  private void put(Buffer data) {
    writer.put(BYTES.array(data), BYTES.offset(data), data.length());
  }

  @Override
  public void end(OutgoingMessage<?> message) {
    if (!message.chunked || !message.hasBody) {
      return;
    }
    OutgoingHeaders trailers = message.trailers();
    if (trailers == null) {
      writer.put(LAST_CHUNK);
    } else {
      writer.put('0');
      writer.putLineEnd();
      putLines(writer, trailers);
      writer.putLineEnd();
    }
  }

  @Override
  public void whenSent(Consumer<@Nullable NetException> callback) {
    send();
    socket.write(Buffer.empty(), callback);
  }

  @Override
  public boolean isFull() {
    return socket.writableNeedDrain();
  }

  @Override
  public long queuedBytes() {
    return socket.writableLength() + writer.length();
  }
}
