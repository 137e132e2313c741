package io.netloop.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Clients at addresses of this machine, {@code 127.0.0.1} and up, that send datagrams to one server
 * in turn. For one thread.
 *
 * <p>For the kernel they are one socket, which says with each message whose it is ({@code
 * IP_PKTINFO}). So one system call sends for many of them, and what one of them sends in a row goes
 * through the kernel as one ({@code UDP_SEGMENT}) until it is cut up in front of the server, which
 * gets each by itself.
 */
final class DatagramClients {
  /** {@code struct mmsghdr}, and in it a {@code msghdr}, on Linux on 64 bits. */
  private static final int HEADER_BYTES = 64;

  private static final int NAME = 0;
  private static final int NAME_BYTES = 8;
  private static final int PIECES = 16;
  private static final int PIECE_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_BYTES = 40;

  private static final int PIECE_BYTES = 16;

  /** A {@code cmsghdr}, with an {@code in_pktinfo} in it and room to the next. */
  private static final int SOURCE_BYTES = 32;

  private static final int SOURCE_LENGTH = 28;
  private static final int SOURCE_LEVEL = 8;
  private static final int SOURCE_TYPE = 12;
  private static final int SOURCE_ADDRESS = 20;

  private final MemorySegment headers;
  private final MemorySegment pieces;
  private final int socket;
  private final int clients;
  private final int inARow;
  private final int length;

  /** How many have been sent, up to a turn of all. */
  private int turn;

  /**
   * Clients of the server at a port.
   *
   * @param clients how many, 1 to 250
   * @param inARow how many datagrams each sends before it is the next one's turn, 1 to 64
   * @param length how long each is, in bytes
   */
  DatagramClients(Arena arena, int port, int clients, int inARow, int length) throws IOException {
    this.clients = clients;
    this.inARow = inARow;
    this.length = length;
    socket = Linux.datagrams(length);
    headers = arena.allocate((long) clients * HEADER_BYTES, Long.BYTES);
    pieces = arena.allocate((long) clients * PIECE_BYTES, Long.BYTES);
    MemorySegment sources = arena.allocate((long) clients * SOURCE_BYTES, Long.BYTES);
    MemorySegment bytes = arena.allocate((long) inARow * length).fill((byte) 'x');
    MemorySegment server = Linux.address(arena, Linux.LOCALHOST, port);
    for (int i = 0; i < clients; i++) {
      MemorySegment source = sources.asSlice((long) i * SOURCE_BYTES, SOURCE_BYTES);
      source.set(JAVA_LONG, 0, SOURCE_LENGTH);
      source.set(JAVA_INT, SOURCE_LEVEL, Linux.IPPROTO_IP);
      source.set(JAVA_INT, SOURCE_TYPE, Linux.IP_PKTINFO);
      source.set(Linux.BIG_ENDIAN_INT, SOURCE_ADDRESS, Linux.LOCALHOST + i);
      MemorySegment piece = pieces.asSlice((long) i * PIECE_BYTES, PIECE_BYTES);
      piece.set(ADDRESS, 0, bytes);
      MemorySegment header = headers.asSlice((long) i * HEADER_BYTES, HEADER_BYTES);
      header.set(ADDRESS, NAME, server);
      header.set(JAVA_INT, NAME_BYTES, (int) server.byteSize());
      header.set(ADDRESS, PIECES, piece);
      header.set(JAVA_LONG, PIECE_COUNT, 1);
      header.set(ADDRESS, CONTROL, source);
      header.set(JAVA_LONG, CONTROL_BYTES, SOURCE_BYTES);
    }
  }

  /** The socket of them all, to receive from. */
  int socket() {
    return socket;
  }

  /** How many datagrams are one turn of all. */
  int all() {
    return clients * inARow;
  }

  /** Sends datagrams, each in the name of whose turn it is. */
  void send(int count) throws IOException {
    int left = count;
    while (left > 0) {
      int first = turn / inARow;
      int client = first;
      int sent = 0;
      // Up to the last of them: behind it, the headers begin anew.
      while (sent < left && client < clients) {
        int many = Math.min(left - sent, inARow - turn % inARow);
        pieces.set(JAVA_LONG, (long) client * PIECE_BYTES + Long.BYTES, (long) many * length);
        turn += many;
        sent += many;
        client++;
      }
      // What the system does not take is lost, as datagrams may be.
      Linux.sendBatch(socket, headers.asSlice((long) first * HEADER_BYTES), client - first);
      turn %= all();
      left -= sent;
    }
  }
}
