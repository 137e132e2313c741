package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * One client that sends as fast as it can. Many datagrams are lost, since the sender is faster than
 * any receiver: the server counts what reaches it, and says how many when it gets an empty one.
 */
final class DatagramFlood implements Load {
  private static final int BYTES = 64;
  private static final int BATCH = 64;
  private static final int SILENCE_MILLIS = 100;
  private static final int MOST_SILENCES = 100;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate(Linux.EVENT_BYTES);
  private final int epoll = Linux.epoll();
  private final DatagramClients flood;
  private final Datagrams question = new Datagrams(arena, 1, 0);
  private final Datagrams answer = new Datagrams(arena, 1, BYTES);

  /** Of its own, which asks and hears how many. */
  private final int socket;

  DatagramFlood(int port) throws IOException {
    flood = new DatagramClients(arena, port, 1, BATCH, BYTES);
    socket = Linux.connectDatagrams(port);
    Linux.watch(epoll, socket, Linux.EPOLLIN, 0);
  }

  @Override
  public long run(long nanos) throws IOException {
    long before = counted();
    long end = Clock.nanos() + nanos;
    while (Clock.nanos() < end) {
      flood.send(BATCH);
    }
    return counted() - before;
  }

  /** How many the server has counted, after all that waits for it: the question is the last. */
  private long counted() throws IOException {
    for (int i = 0; i < MOST_SILENCES; i++) {
      question.send(socket, 1);
      // An answer to an earlier question, taken for lost, says less than there is.
      long count = -1;
      while (Linux.await(epoll, events, count < 0 ? SILENCE_MILLIS : 0) > 0
          && answer.receive(socket) > 0) {
        byte[] text = new byte[answer.length(0)];
        MemorySegment.copy(answer.bytes(), ValueLayout.JAVA_BYTE, 0, text, 0, text.length);
        count = Math.max(count, Long.parseLong(new String(text, StandardCharsets.US_ASCII)));
      }
      if (count >= 0) {
        return count;
      }
    }
    throw new IOException("the server has said nothing for ten seconds");
  }

  @Override
  public void close() throws IOException {
    Linux.close(flood.socket());
    Linux.close(socket);
    Linux.close(epoll);
    arena.close();
  }
}
