package io.netloop.chat;

import io.netloop.tls.TlsOptions;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link ChatClient} connects to. <i>Immutable.</i>
 *
 * @param host a name or an address; {@code 127.0.0.1} by default
 * @param port 1 to 65535; 3000 by default
 * @param reconnect whether a connection that is lost is made again, as by default. The first
 *     connection is tried once in any case
 * @param tls encrypts the connection, and says whom to trust; null, the default, does not
 */
public record ChatClientOptions(
    String host, int port, boolean reconnect, @Nullable TlsOptions tls) {
  private static final ChatClientOptions DEFAULTS =
      new ChatClientOptions("127.0.0.1", 3000, /* reconnect= */ true, null);

  /** The defaults named above. */
  public static ChatClientOptions defaults() {
    return DEFAULTS;
  }

  public ChatClientOptions withHost(String newHost) {
    return new ChatClientOptions(newHost, port, reconnect, tls);
  }

  public ChatClientOptions withPort(int newPort) {
    return new ChatClientOptions(host, newPort, reconnect, tls);
  }

  public ChatClientOptions withReconnect(boolean on) {
    return new ChatClientOptions(host, port, on, tls);
  }

  public ChatClientOptions withTls(@Nullable TlsOptions options) {
    return new ChatClientOptions(host, port, reconnect, options);
  }
}
