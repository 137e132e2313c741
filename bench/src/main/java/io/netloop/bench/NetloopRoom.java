package io.netloop.bench;

import io.netloop.chat.ChatOptions;
import io.netloop.chat.ChatServer;
import io.netloop.chat.RoomOptions;
import io.netloop.chat.WebOptions;
import java.util.Objects;

/** The chat room as it is, but that nobody is told to talk less; the port is TCP's or the web's. */
final class NetloopRoom {
  private static final int MANY = 1_000_000;

  private NetloopRoom() {}

  static void main(String[] args) {
    RoomOptions room = RoomOptions.defaults().withMessagesPerSecond(MANY).withBurst(MANY);
    ChatOptions options = ChatOptions.defaults().withRoom(room);
    int port = Integer.parseInt(args[1]);
    if (args[0].equals("web")) {
      options = options.withPort(0).withWeb(WebOptions.defaults().withPort(port));
      ChatServer server = new ChatServer(options);
      server.onListening(address -> Control.listening(webPort(server))).start();
    } else {
      ChatServer server = new ChatServer(options.withPort(port));
      server.onListening(address -> Control.listening(address.port())).start();
    }
  }

  /** It is open before TCP is. */
  private static int webPort(ChatServer server) {
    return Objects.requireNonNull(server.webAddress()).port();
  }
}
