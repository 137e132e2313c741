package io.netloop.net;

import io.netloop.engine.BufferAccess;
import io.netloop.engine.Encoding;
import io.netloop.engine.Reactor;
import io.netloop.engine.TextDecoder;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.Pipes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has come for one socket: it flows to the listeners, or waits for them, and past the
 * high-water mark it waits with the system.
 */
final class ReadSide {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  private final Reactor reactor;
  private final SocketEvents events;
  private final int highWaterMark;

  /** Called when all was read and the peer has ended. */
  private final Runnable ended;

  private @Nullable Channel channel;
  private @Nullable Pipes pipes;
  private @Nullable ArrayDeque<Buffer> waiting;
  private int waitingBytes;

  /** What is left of a piece that is being handed over in a user's array. */
  private int filling;

  private @Nullable TextDecoder decoder;
  private @Nullable ReadInto readInto;
  private long bytesRead;
  private boolean flowScheduled;
  private boolean peerEnded;
  private boolean dropped;
  private boolean relayed;
  private volatile boolean flowing;
  private volatile boolean paused;
  private volatile boolean endSeen;

  /** A user's array that is read into, and who is told. */
  private static final class ReadInto {
    final byte[] array;
    final TcpSocket.OnRead listener;

    ReadInto(byte[] array, TcpSocket.OnRead listener) {
      this.array = array;
      this.listener = listener;
    }
  }

  ReadSide(Reactor reactor, SocketEvents events, int highWaterMark, Runnable ended) {
    this.reactor = reactor;
    this.events = events;
    this.highWaterMark = highWaterMark;
    this.ended = ended;
  }

  /** Bytes may come from here; reading waits for {@link #begin}. */
  void open(Channel from) {
    channel = from;
  }

  /** Reads from the system, unless that is to wait for {@link #resume}; a handshake did. */
  void begin(boolean waits) {
    readFromSystem(!waits || flowing);
  }

  /** As new, but for the listeners and their wishes. */
  void reset() {
    channel = null;
    bytesRead = 0;
    peerEnded = false;
    dropped = false;
    endSeen = false;
    if (decoder != null) {
      decoder.finish();
    }
  }

  /**
   * What comes from now on is encrypted. What has come plainly and was not read yet must not be
   * taken for a part of it: anybody in between could have added it (CVE-2011-0411).
   *
   * @throws NetException {@code ERR_INVALID_STATE} where there is such
   */
  void startOver() {
    int unread = waitingBytes + filling;
    if (unread > 0) {
      throw new NetException(
          "ERR_INVALID_STATE",
          "A connection can only be encrypted when all that came before was read, and %d bytes wait."
              .formatted(unread));
    }
    if (decoder != null) {
      decoder.finish(); // the begin of a character
    }
  }

  /** Nothing that waits will be read. */
  void drop() {
    waiting = null;
    waitingBytes = 0;
    dropped = true;
  }

  /**
   * Bytes from the channel, which may come even while we do not read: what is on the way arrives.
   * Where they only pass through to another socket of this loop, no array is made of them.
   */
  void received(ByteBuf data) {
    int length = data.readableBytes();
    bytesRead += length;
    TcpSocket only = relay();
    if (only != null) {
      relayed = true;
      if (!only.relay(data) && pipes != null) {
        pipes.hold(only);
      }
      return;
    }
    byte[] bytes = new byte[length];
    data.readBytes(bytes);
    if (readInto != null && flowing && waitingBytes == 0) {
      fill(bytes);
    } else if (decoder == null) {
      deliver(BYTES.wrap(bytes));
    } else {
      String text = decoder.decode(bytes);
      if (!text.isEmpty()) {
        deliver(Buffer.from(text));
      }
    }
  }

  /** What passes through has been sent by now, as far as the system takes it. */
  void readComplete() {
    if (relayed) {
      relayed = false;
      if (pipes != null && pipes.only() instanceof TcpSocket to && to.writableNeedDrain()) {
        pipes.hold(to);
      }
    }
  }

  /** The one socket of this loop that everything goes to and nobody else sees, or null. */
  private @Nullable TcpSocket relay() {
    Pipes through = pipes;
    if (through == null || decoder != null || !flowing || waitingBytes > 0) {
      return null;
    }
    boolean seen = events.data.size() != 1;
    return !seen && through.only() instanceof TcpSocket to && to.isOf(reactor) ? to : null;
  }

  private void deliver(Buffer data) {
    if (flowing && waitingBytes == 0) {
      events.tellData(data);
      return;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    waiting.add(data);
    waitingBytes += data.length();
    if (waitingBytes >= highWaterMark) {
      readFromSystem(false);
    }
  }

  /** Hands the bytes over in the user's array, as often as it takes. */
  private void fill(byte[] bytes) {
    ReadInto into = Objects.requireNonNull(readInto);
    int at = 0;
    while (at < bytes.length && flowing && !dropped) {
      int length = Math.min(into.array.length, bytes.length - at);
      System.arraycopy(bytes, at, into.array, 0, length);
      at += length;
      filling = bytes.length - at;
      events.guard(() -> {
        if (!into.listener.read(length, into.array)) {
          pause();
        }
      });
    }
    filling = 0;
    if (at < bytes.length && !dropped) {
      deliver(Buffer.from(bytes, at, bytes.length - at));
    }
  }

  /** The peer has sent its FIN; returns whether that is news. */
  boolean peerEnded() {
    if (peerEnded) {
      return false;
    }
    peerEnded = true;
    if (decoder != null) {
      String tail = decoder.finish();
      if (!tail.isEmpty()) {
        deliver(Buffer.from(tail));
      }
    }
    return true;
  }

  /** 'end' comes once everything that has come was delivered. */
  void endIfRead() {
    if (peerEnded && !endSeen && waitingBytes == 0 && !dropped) {
      endSeen = true;
      ended.run();
    }
  }

  void pause() {
    boolean news = !paused;
    paused = true;
    flowing = false;
    if (news) {
      events.tell(events.pause);
    }
  }

  /** As before the first listener: what comes waits for one. */
  void rewind() {
    paused = false;
    flowing = false;
  }

  /** An accepted socket waits from the start: no 'pause' event. */
  void startPaused() {
    paused = true;
  }

  void resume() {
    paused = false;
    if (!flowing) {
      flowing = true;
      flowLater();
    }
  }

  /** Runs after the listener that started it, so that a program can add all its listeners first. */
  private void flowLater() {
    if (!flowScheduled) {
      flowScheduled = true;
      reactor.nextTick(() -> {
        flowScheduled = false;
        if (!dropped) {
          events.tell(events.resume);
          flow();
        }
      });
    }
  }

  private void flow() {
    Buffer data;
    while (flowing && !dropped && waiting != null && (data = waiting.poll()) != null) {
      waitingBytes -= data.length();
      if (readInto == null) {
        events.tellData(data);
      } else {
        fill(data.toByteArray());
      }
    }
    if (flowing && !dropped) {
      readFromSystem(true);
      endIfRead();
    }
  }

  private void readFromSystem(boolean on) {
    if (channel != null && !peerEnded && !dropped) {
      channel.config().setAutoRead(on);
    }
  }

  void decode(Encoding encoding) {
    decoder = new TextDecoder(encoding);
  }

  void readInto(byte[] array, TcpSocket.OnRead listener) {
    readInto = new ReadInto(array, listener);
    resume();
  }

  void piped(Pipes through) {
    pipes = through;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isFlowing() {
    return flowing;
  }

  boolean hasPeerEnded() {
    return peerEnded;
  }

  boolean isEndSeen() {
    return endSeen;
  }

  long bytesRead() {
    return bytesRead;
  }

  int waitingBytes() {
    return waitingBytes;
  }
}
