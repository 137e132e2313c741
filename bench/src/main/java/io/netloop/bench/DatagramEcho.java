package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Client sockets that each have a number of datagrams under way, and send as many as have come
 * back. What is lost is sent again after a tenth of a second in which nothing has come.
 */
final class DatagramEcho implements Load {
  private static final int BYTES = 64;
  private static final int EVENTS = 1024;
  private static final int SILENCE_MILLIS = 100;
  private static final int MOST_SILENCES = 100;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate((long) EVENTS * Linux.EVENT_BYTES);
  private final int epoll = Linux.epoll();
  private final int[] sockets;
  private final Datagrams sent;
  private final Datagrams received;

  /**
   * @param count how many sockets
   * @param ahead how many datagrams each has under way, 1 to 1024
   */
  DatagramEcho(int port, int count, int ahead) throws IOException {
    sockets = new int[count];
    sent = new Datagrams(arena, ahead, BYTES);
    received = new Datagrams(arena, ahead, BYTES);
    for (int i = 0; i < count; i++) {
      sockets[i] = Linux.connectDatagrams(port);
      Linux.watch(epoll, sockets[i], Linux.EPOLLIN, i);
    }
    sendAll();
  }

  private void sendAll() throws IOException {
    for (int socket : sockets) {
      sent.send(socket, sent.count());
    }
  }

  @Override
  public long run(long nanos) throws IOException {
    long requests = 0;
    int silences = 0;
    long end = Clock.nanos() + nanos;
    // On a machine that is busy with others, a short time may pass before anything happens at all.
    while (Clock.nanos() < end || requests == 0) {
      int happened = Linux.await(epoll, events, SILENCE_MILLIS);
      if (happened == 0) {
        if (++silences == MOST_SILENCES) {
          throw new IOException("the server has said nothing for ten seconds");
        }
        sendAll();
        continue;
      }
      silences = 0;
      for (int event = 0; event < happened; event++) {
        requests += answer(socket(event));
      }
    }
    return requests;
  }

  private int answer(int socket) throws IOException {
    int count = received.receive(socket);
    if (count > 0) {
      if (received.length(0) != BYTES) {
        throw new IOException("an answer has %d bytes".formatted(received.length(0)));
      }
      sent.send(socket, count);
    }
    return count;
  }

  private int socket(int event) {
    long place = (long) event * Linux.EVENT_BYTES + Linux.EVENT_DATA;
    return sockets[(int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, place)];
  }

  @Override
  public void close() throws IOException {
    for (int socket : sockets) {
      Linux.close(socket);
    }
    Linux.close(epoll);
    arena.close();
  }
}
