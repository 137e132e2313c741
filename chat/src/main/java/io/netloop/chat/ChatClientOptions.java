package io.netloop.chat;

/**
 * Where a {@link ChatClient} connects to. <i>Immutable.</i>
 *
 * @param host a name or an address; {@code 127.0.0.1} by default
 * @param port 1 to 65535; 3000 by default
 * @param reconnect whether a connection that is lost is made again, as by default. The first
 *     connection is tried once in any case
 */
public record ChatClientOptions(String host, int port, boolean reconnect) {
  private static final ChatClientOptions DEFAULTS =
      new ChatClientOptions("127.0.0.1", 3000, /* reconnect= */ true);

  /** The defaults named above. */
  public static ChatClientOptions defaults() {
    return DEFAULTS;
  }

  public ChatClientOptions withHost(String newHost) {
    return new ChatClientOptions(newHost, port, reconnect);
  }

  public ChatClientOptions withPort(int newPort) {
    return new ChatClientOptions(host, newPort, reconnect);
  }

  public ChatClientOptions withReconnect(boolean on) {
    return new ChatClientOptions(host, port, on);
  }
}
