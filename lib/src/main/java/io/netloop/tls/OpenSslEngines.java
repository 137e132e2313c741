package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Engines of BoringSSL. */
final class OpenSslEngines implements Engines {
  /**
   * Native memory is given back once nobody has the engines any more, and not before: another loop
   * may have got them for a connection that is just beginning.
   */
  private static final Cleaner CLEANER = Cleaner.create();

  private final ReferenceCountedOpenSslContext context;

  /** Of a server, else null. */
  private final @Nullable TicketKeys tickets;

  /** Those that the context has. */
  private OpenSslSessionTicketKey @Nullable [] known;

  private OpenSslEngines(ReferenceCountedOpenSslContext context, @Nullable TicketKeys tickets) {
    this.context = context;
    this.tickets = tickets;
    CLEANER.register(this, context::release);
  }

  static OpenSslEngines ofServer(TlsOptions options, KeyAndChain pair, List<String> protocols) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(pair.key(), pair.chain())
            .clientAuth(
                !options.requestCert()
                    ? ClientAuth.NONE
                    : options.rejectUnauthorized() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
    ReferenceCountedOpenSslContext context = build(builder, options, protocols);
    OpenSslServerSessionContext sessions = (OpenSslServerSessionContext) context.sessionContext();
    byte[] rules = TicketKeys.contextOf(options, pair);
    sessions.setSessionIdContext(rules);
    // All that is kept of a session is in the client's ticket: there is nothing here to fill up.
    sessions.setSessionCacheEnabled(false);
    return new OpenSslEngines(context, TicketKeys.of(options, rules));
  }

  static OpenSslEngines ofClient(TlsOptions options, @Nullable KeyAndChain pair) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (pair != null) {
      builder.keyManager(OneKey.of(pair));
    }
    ReferenceCountedOpenSslContext context = build(builder, options, options.alpnProtocols());
    OpenSslSessionContext sessions = context.sessionContext();
    sessions.setSessionCacheEnabled(true);
    sessions.setSessionCacheSize(TlsOptions.MOST_SESSIONS);
    sessions.setTicketKeys(new OpenSslSessionTicketKey[0]); // asks for tickets with TLS 1.2, too
    return new OpenSslEngines(context, null);
  }

  private static ReferenceCountedOpenSslContext build(
      SslContextBuilder builder, TlsOptions options, List<String> protocols) {
    builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .protocols(options.versions())
        .trustManager(options.peerCheck())
        .endpointIdentificationAlgorithm(null)
        .sessionTimeout(options.sessionTimeout().toSeconds());
    List<String> ciphers =
        options.ciphers().stream().filter(OpenSsl::isCipherSuiteAvailable).toList();
    if (ciphers.isEmpty()) {
      throw new NetException(
          "ERR_SSL_NO_CIPHER_MATCH",
          "BoringSSL has none of the ciphers " + options.ciphers() + ".");
    }
    builder.ciphers(ciphers);
    if (!options.groups().isEmpty()) {
      builder.option(OpenSslContextOption.GROUPS, options.groups().toArray(new String[0]));
    }
    if (!protocols.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    try {
      ReferenceCountedOpenSslContext context = (ReferenceCountedOpenSslContext) builder.build();
      KeyLog log = options.keyLog();
      if (log != null) {
        log.listenTo(context);
      }
      return context;
    } catch (SSLException | IllegalArgumentException refused) {
      throw new NetException(
          "ERR_TLS_INVALID_CONTEXT",
          "TLS can't be set up: " + refused.getMessage() + ". Ciphers: " + ciphers,
          refused);
    }
  }

  @Override
  public SslHandler newHandler(
      ByteBufAllocator memory, String peerHost, int peerPort, @Nullable String servername) {
    if (tickets != null) {
      useNewest(tickets);
      return context.newHandler(memory);
    }
    SNIHostName name = servername == null ? null : new SNIHostName(servername);
    SslHandler handler = context.newHandler(memory, peerHost, peerPort);
    if (name != null) {
      SSLEngine engine = handler.engine();
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(name));
      parameters.setEndpointIdentificationAlgorithm(null);
      engine.setSSLParameters(parameters);
    }
    return handler;
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the same row, not an equal one
  private synchronized void useNewest(TicketKeys from) {
    OpenSslSessionTicketKey[] newest = from.now();
    if (newest != known) {
      known = newest;
      context.sessionContext().setTicketKeys(newest);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // there is no other way to ask, and the engine lives
  public boolean isReused(SSLEngine engine, long beganMillis) {
    long pointer = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
    return pointer != 0 && SSL.isSessionReused(pointer);
  }

  @Override
  public String toString() {
    return "OpenSslEngines " + Arrays.toString(context.cipherSuites().toArray());
  }
}
