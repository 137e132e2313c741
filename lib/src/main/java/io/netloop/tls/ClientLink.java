package io.netloop.tls;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** A client's side of a connection. */
final class ClientLink extends Link {
  private final String host;
  private final int port;

  /**
   * @param host whom the certificate must be for
   */
  ClientLink(TlsOptions options, String host, int port) {
    super(options, false);
    String named = options.servername();
    this.host = HostCheck.withoutDot(named == null ? host : named);
    this.port = port;
  }

  @Override
  void begun() {
    try {
      start(options().clientContext().engines(), host, port, servername());
    } catch (NetException unusable) {
      giveUp(unusable);
    } catch (IllegalArgumentException noName) {
      giveUp(
          new NetException(
              "ERR_INVALID_ARG_VALUE",
              "'" + host + "' can't be asked for as a server's name: " + noName.getMessage(),
              noName));
    }
  }

  /** Addresses are no names, and not asked for (RFC 6066 §3). */
  @Override
  @Nullable String servername() {
    return host.isEmpty() || IpText.version(host) != 0 ? null : host;
  }

  @Override
  String expectedHost() {
    return host;
  }

  @Override
  boolean looksAtPeer() {
    return true;
  }

  @Override
  boolean isServer() {
    return false;
  }

  @Override
  @Nullable NetException errorOf(X509Certificate[] chain) {
    return options().peerCheck().errorOf(chain, "UNKNOWN", true, host);
  }
}
