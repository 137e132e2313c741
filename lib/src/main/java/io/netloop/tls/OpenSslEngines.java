package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
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
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Engines of BoringSSL. */
final class OpenSslEngines implements Engines {
  private final ReferenceCountedOpenSslContext context;
  private final boolean client;

  private OpenSslEngines(ReferenceCountedOpenSslContext context, boolean client) {
    this.context = context;
    this.client = client;
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
    sessions.setSessionIdContext(TicketKeys.contextOf(options, pair));
    // All that is kept of a session is in the client's ticket: there is nothing here to fill up.
    sessions.setSessionCacheEnabled(false);
    sessions.setTicketKeys(TicketKeys.of(options));
    return new OpenSslEngines(context, false);
  }

  static OpenSslEngines ofClient(TlsOptions options, @Nullable KeyAndChain pair) {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (pair != null) {
      builder.keyManager(pair.key(), pair.chain());
    }
    ReferenceCountedOpenSslContext context = build(builder, options, options.alpnProtocols());
    OpenSslSessionContext sessions = context.sessionContext();
    sessions.setSessionCacheEnabled(true);
    sessions.setSessionCacheSize(TlsOptions.MOST_SESSIONS);
    sessions.setTicketKeys(new OpenSslSessionTicketKey[0]); // asks for tickets with TLS 1.2, too
    return new OpenSslEngines(context, true);
  }

  private static ReferenceCountedOpenSslContext build(
      SslContextBuilder builder, TlsOptions options, List<String> protocols) {
    builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .protocols(options.versions())
        .trustManager(options.peerCheck())
        .endpointIdentificationAlgorithm(null)
        .sessionTimeout(options.sessionTimeout().toSeconds());
    List<String> ciphers = options.ciphers();
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
    if (!client) {
      return context.newHandler(memory);
    }
    SslHandler handler = context.newHandler(memory, peerHost, peerPort);
    if (servername != null) {
      SSLEngine engine = handler.engine();
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(servername)));
      parameters.setEndpointIdentificationAlgorithm(null);
      engine.setSSLParameters(parameters);
    }
    return handler;
  }

  @Override
  @SuppressWarnings("deprecation") // there is no other way to ask, and the engine lives
  public boolean isReused(SSLEngine engine, boolean whole) {
    long pointer = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
    return pointer != 0 && SSL.isSessionReused(pointer);
  }

  @Override
  public void close() {
    context.release();
  }

  @Override
  public String toString() {
    return "OpenSslEngines " + Arrays.toString(context.cipherSuites().toArray());
  }
}
