package io.netloop.bench;

import io.netloop.chat.ChatOptions;
import io.netloop.chat.ChatServer;
import io.netloop.chat.RoomOptions;

/** The chat room as it is, but that nobody is told to talk less. */
final class NetloopRoom {
  private static final int MANY = 1_000_000;

  private NetloopRoom() {}

  static void main(String[] args) {
    RoomOptions room = RoomOptions.defaults().withMessagesPerSecond(MANY).withBurst(MANY);
    ChatOptions options = ChatOptions.defaults().withPort(Integer.parseInt(args[0])).withRoom(room);
    new ChatServer(options).onListening(address -> Control.listening(address.port())).start();
  }
}
