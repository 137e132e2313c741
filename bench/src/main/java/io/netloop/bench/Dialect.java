package io.netloop.bench;

import java.nio.charset.StandardCharsets;

/**
 * What is spoken over a WebSocket: where it is opened, and what is around a message. A Socket.IO
 * event has the name {@code m} here.
 */
enum Dialect {
  /** A message is a frame, with nothing around it. */
  PLAIN("/"),

  /** The same where the chat room has it. */
  ROOM("/ws"),

  /**
   * Socket.IO's protocol 5 over Engine.IO's 4, from the start over a WebSocket: the server says
   * what it is, the client asks for the default namespace, and the server lets it in.
   */
  SOCKET_IO("/socket.io/?EIO=4&transport=websocket");

  private static final byte[] EVENT = bytes("42[\"m\",\"");
  private static final byte[] EVENT_END = bytes("\"]");

  /** Announces the bytes of the frame behind it. */
  private static final byte[] BINARY_EVENT = bytes("451-[\"m\",{\"_placeholder\":true,\"num\":0}]");

  private final String path;

  Dialect(String path) {
    this.path = path;
  }

  /** What is asked for, with a query where there is one. */
  String path() {
    return path;
  }

  /**
   * A message as a client sends it.
   *
   * @param opcode text or binary
   * @param payload for Socket.IO a text that JSON needs not escape
   */
  byte[] fromClient(int opcode, byte[] payload) {
    return around(opcode, payload, Frames::fromClient);
  }

  /** The same message as a server sends it. */
  byte[] fromServer(int opcode, byte[] payload) {
    return around(opcode, payload, Frames::fromServer);
  }

  private interface Framing {
    byte[] of(int opcode, byte[] payload);
  }

  private byte[] around(int opcode, byte[] payload, Framing framing) {
    if (this != SOCKET_IO) {
      return framing.of(opcode, payload);
    }
    return opcode == Frames.TEXT
        ? framing.of(Frames.TEXT, joined(EVENT, payload, EVENT_END))
        : joined(framing.of(Frames.TEXT, BINARY_EVENT), framing.of(Frames.BINARY, payload));
  }

  private static byte[] joined(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
