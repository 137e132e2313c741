package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.CipherSuiteConverter;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Engines of the JDK. */
final class JdkEngines implements Engines {
  private final TlsOptions options;
  private final List<String> protocols;
  private final boolean client;
  private final SSLContext context;
  private final String[] ciphers;

  private JdkEngines(
      TlsOptions options, @Nullable KeyAndChain pair, List<String> protocols, boolean client) {
    this.options = options;
    this.protocols = protocols;
    this.client = client;
    if (options.keyLog() != null) {
      throw new NetException(
          "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
          "The JDK's TLS tells nobody its keys: a key log needs the provider openssl.");
    }
    if (options.ticketKeys() != null) {
      throw new NetException(
          "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
          "The JDK's TLS makes its ticket keys by itself: others need the provider openssl.");
    }
    try {
      context = SSLContext.getInstance("TLS");
      KeyManager[] keys = pair == null ? null : new KeyManager[] {OneKey.of(pair)};
      context.init(keys, new TrustManager[] {options.peerCheck()}, null);
    } catch (GeneralSecurityException refused) {
      throw new NetException(
          "ERR_TLS_INVALID_CONTEXT", "TLS can't be set up: " + refused.getMessage(), refused);
    }
    ciphers = ciphers();
    int seconds = (int) Math.min(Integer.MAX_VALUE, options.sessionTimeout().toSeconds());
    if (client) {
      context.getClientSessionContext().setSessionCacheSize(TlsOptions.MOST_SESSIONS);
      context.getClientSessionContext().setSessionTimeout(seconds);
    } else {
      context.getServerSessionContext().setSessionTimeout(seconds);
    }
  }

  static JdkEngines ofServer(TlsOptions options, KeyAndChain pair, List<String> protocols) {
    return new JdkEngines(options, pair, protocols, false);
  }

  static JdkEngines ofClient(TlsOptions options, @Nullable KeyAndChain pair) {
    return new JdkEngines(options, pair, options.alpnProtocols(), true);
  }

  /** Those that are wanted, by the JDK's names, as far as it has them. */
  private String[] ciphers() {
    Set<String> known = Set.of(context.getSupportedSSLParameters().getCipherSuites());
    List<String> names = new ArrayList<>();
    for (String wish : options.ciphers()) {
      String name = known.contains(wish) ? wish : CipherSuiteConverter.toJava(wish, "TLS");
      if (name != null && known.contains(name)) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw new NetException(
          "ERR_SSL_NO_CIPHER_MATCH",
          "The JDK's TLS has none of the ciphers " + options.ciphers() + ".");
    }
    return names.toArray(new String[0]);
  }

  @Override
  public SslHandler newHandler(
      ByteBufAllocator memory, String peerHost, int peerPort, @Nullable String servername) {
    SSLEngine engine =
        client ? context.createSSLEngine(peerHost, peerPort) : context.createSSLEngine();
    engine.setUseClientMode(client);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(options.versions().toArray(new String[0]));
    parameters.setCipherSuites(ciphers);
    parameters.setUseCipherSuitesOrder(true);
    parameters.setApplicationProtocols(protocols.toArray(new String[0]));
    if (!options.groups().isEmpty()) {
      parameters.setNamedGroups(options.groups().toArray(new String[0]));
    }
    if (client) {
      parameters.setServerNames(
          servername == null ? List.of() : List.of(new SNIHostName(servername)));
    } else if (options.requestCert()) {
      if (options.rejectUnauthorized()) {
        parameters.setNeedClientAuth(true);
      } else {
        parameters.setWantClientAuth(true);
      }
    }
    engine.setSSLParameters(parameters);
    return new SslHandler(engine);
  }

  @Override
  public boolean isReused(SSLEngine engine, long beganMillis) {
    return engine.getSession().getCreationTime() < beganMillis;
  }
}
