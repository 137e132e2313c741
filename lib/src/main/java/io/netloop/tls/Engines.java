package io.netloop.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engines of connections with the same certificate and rules; sessions are resumed among
 * them. <i>Thread-safe.</i>
 */
interface Engines {
  /**
   * An engine for one connection.
   *
   * @param peerHost what sessions are kept by, on the client's side
   * @param servername the name that the server is asked for, on the client's side; or null
   */
  SslHandler newHandler(
      ByteBufAllocator memory, String peerHost, int peerPort, @Nullable String servername);

  /**
   * Whether a handshake that is done went on with an earlier session.
   *
   * @param beganMillis when the handshake began, by the wall clock: who can't ask sees by it
   */
  boolean isReused(SSLEngine engine, long beganMillis);

  /**
   * Those of a server.
   *
   * @param protocols to speak above TLS, the best first
   */
  static Engines ofServer(TlsOptions options, KeyAndChain pair, List<String> protocols) {
    return options.provider() == TlsProvider.OPENSSL
        ? OpenSslEngines.ofServer(options, pair, protocols)
        : JdkEngines.ofServer(options, pair, protocols);
  }

  /** Those of a client. */
  static Engines ofClient(TlsOptions options, @Nullable KeyAndChain pair) {
    return options.provider() == TlsProvider.OPENSSL
        ? OpenSslEngines.ofClient(options, pair)
        : JdkEngines.ofClient(options, pair);
  }
}
