package io.netloop.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Clients that each have a number of datagrams under way, and send as many as have come back. What
 * is lost is sent again after a tenth of a second in which nothing has come.
 */
final class DatagramEcho implements Load {
  private static final int BYTES = 64;

  /** As many as one call takes in. */
  private static final int BATCH = 64;

  private static final int SILENCE_MILLIS = 100;
  private static final int MOST_SILENCES = 100;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate(Linux.EVENT_BYTES);
  private final int epoll = Linux.epoll();
  private final DatagramClients clients;
  private final Datagrams received = new Datagrams(arena, BATCH, BYTES);

  /**
   * @param count how many clients, 1 to 250
   * @param ahead how many datagrams each has under way, 1 to 64
   */
  DatagramEcho(int port, int count, int ahead) throws IOException {
    clients = new DatagramClients(arena, port, count, ahead, BYTES);
    Linux.watch(epoll, clients.socket(), Linux.EPOLLIN, 0);
    clients.send(clients.all());
  }

  @Override
  public long run(long nanos) throws IOException {
    long requests = 0;
    int silences = 0;
    long end = Clock.nanos() + nanos;
    // On a machine that is busy with others, a short time may pass before anything happens at all.
    while (Clock.nanos() < end || requests == 0) {
      int count = received.receive(clients.socket());
      if (count > 0) {
        check(count);
        clients.send(count);
        requests += count;
        silences = 0;
      } else if (Linux.await(epoll, events, SILENCE_MILLIS) == 0) {
        if (++silences == MOST_SILENCES) {
          throw new IOException("the server has said nothing for ten seconds");
        }
        clients.send(clients.all());
      }
    }
    return requests;
  }

  private void check(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (received.length(i) != BYTES) {
        throw new IOException("an answer has %d bytes".formatted(received.length(i)));
      }
    }
  }

  @Override
  public void close() throws IOException {
    Linux.close(clients.socket());
    Linux.close(epoll);
    arena.close();
  }
}
