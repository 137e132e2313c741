package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How users speak to a chat room. */
enum Speech {
  /** The protocol of the course over TCP, framed by line. */
  LINES {
    @Override
    Connections connect(int port, int users) throws IOException {
      return new Connections(port, users, Linux.EPOLLIN);
    }

    @Override
    byte[] login(String nickname) {
      return bytes("{\"type\":\"login\",\"nickname\":\"%s\"}\n".formatted(nickname));
    }

    @Override
    Utterance says(Connections connections, String text) {
      String line = "{\"type\":\"broadcast\",\"message\":\"%s\"}\n".formatted(text);
      return Utterance.of(connections, bytes(line));
    }
  },

  /**
   * What the chat room's page says to it: it asks for history, presence and receipts, and gives
   * each message a reference of its own.
   */
  PAGES {
    @Override
    Connections connect(int port, int users) throws IOException {
      return Opening.open(port, users, Dialect.ROOM);
    }

    @Override
    byte[] login(String nickname) {
      return text(
          "{\"type\":\"login\",\"nickname\":\"%s\",\"v\":1,\"features\":[\"history\",\"presence\",\"ack\"]}"
              .formatted(nickname));
    }

    @Override
    Utterance says(Connections connections, String text) {
      String json =
          "{\"type\":\"broadcast\",\"message\":\"%s\",\"ref\":\"%s%s\"}"
              .formatted(text, REF, FIRST);
      int from = json.indexOf(REF) + REF.length();
      return Utterance.counting(connections, bytes(json), from, FIRST.length());
    }

    // A pong that nobody has asked for (RFC 6455, section 5.5.3); a browser answers pings.
    @Override
    byte[] lifeSign() {
      return Frames.fromClient(Frames.PONG, new byte[0]);
    }
  },

  /** Events over Socket.IO. */
  SOCKET_IO {
    @Override
    Connections connect(int port, int users) throws IOException {
      return Opening.open(port, users, Dialect.SOCKET_IO);
    }

    @Override
    byte[] login(String nickname) {
      return text("42[\"login\",\"%s\"]".formatted(nickname));
    }

    @Override
    Utterance says(Connections connections, String text) {
      return Utterance.of(connections, text("42[\"broadcast\",\"%s\"]".formatted(text)));
    }
  };

  private static final String REF = "bench-";
  private static final String FIRST = "0000000000";

  /** Connections that the room knows nothing of yet but that they are there. */
  abstract Connections connect(int port, int users) throws IOException;

  /** What a user says first; it is answered, and all who are in the room are told. */
  abstract byte[] login(String nickname);

  /** A message to all. */
  abstract Utterance says(Connections connections, String text);

  /** What a client sends now and then so as not to be taken for dead; nothing for most. */
  byte[] lifeSign() {
    return new byte[0];
  }

  /** How the room's messages are told from each other. */
  Units units() {
    return this == LINES ? Units.LINES : Units.FRAMES;
  }

  private static byte[] text(String text) {
    return Frames.fromClient(Frames.TEXT, bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
