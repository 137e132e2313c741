package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of a connection: it has no engine, and takes next to no memory, before it has
 * heard all of the client's hello, by which the certificate is chosen.
 */
final class ServerLink extends Link {
  private final TlsServer server;
  private @Nullable String servername;
  private TlsOptions rules;

  /** Whether this only proves to an ACME authority that the name is ours (RFC 8737 §3). */
  private boolean proves;

  ServerLink(TlsServer server) {
    super(server.hosts().options(), true);
    this.server = server;
    this.rules = options();
  }

  @Override
  void begun() {
    server.handshakes().begun();
  }

  @Override
  public void hello(ByteBuf bytes) {
    ClientHello hello = ClientHello.read(bytes);
    try {
      start(engines(hello), "", -1, null);
    } catch (NetException refused) {
      throw refused;
    } catch (RuntimeException failure) { // of a callback
      reactor().uncaught(failure);
      alert(Alert.INTERNAL);
      throw new NetException("LISTENER_FAILED", "A callback of TLS threw " + failure, failure);
    }
  }

  private Engines engines(ClientHello hello) {
    servername = hello.servername();
    ServerContext context = server.hosts().of(servername);
    rules = context.options();
    Engines engines = context.challenge(hello);
    proves = engines != null;
    if (engines == null) {
      List<String> protocols = protocols(hello);
      if (!context.hasRoomFor(protocols)) {
        alert(Alert.NO_APPLICATION_PROTOCOL);
        throw new NetException(
            "ERR_SSL_NO_APPLICATION_PROTOCOL",
            "The callback has chosen %s, after %d other protocols; no server speaks so many."
                .formatted(protocols, ServerContext.MOST_PROTOCOLS));
      }
      engines = context.engines(protocols);
    }
    if (engines == null) {
      alert(Alert.INTERNAL);
      throw new NetException(
          "ERR_TLS_NO_CERTIFICATE", "There is no certificate to show yet, and so no handshake.");
    }
    return engines;
  }

  /** What may be chosen of, above TLS, for this client. */
  private List<String> protocols(ClientHello hello) {
    List<String> ours = options().alpnProtocols();
    TlsOptions.AlpnCallback callback = options().alpnCallback();
    List<String> offered = hello.protocols();
    if (offered.isEmpty() || (callback == null && ours.isEmpty())) {
      return ours;
    }
    if (callback != null) {
      String choice = callback.choose(servername, offered);
      if (choice != null && offered.contains(choice)) {
        return List.of(choice);
      }
    } else if (ours.stream().anyMatch(offered::contains)) {
      return ours;
    }
    alert(Alert.NO_APPLICATION_PROTOCOL);
    throw new NetException(
        "ERR_SSL_NO_APPLICATION_PROTOCOL",
        "The client offers to speak %s, and this server none of that.".formatted(offered));
  }

  /** A browser that was sent here with http:// shows this; others have an alert. */
  @Override
  void answerRefused(NetException why) {
    if (!why.code().equals("ERR_SSL_HTTP_REQUEST")) {
      super.answerRefused(why);
    } else if (server.speaksHttp()) {
      String words =
          "This port speaks HTTPS, and the request has come as plain HTTP: use https://\n";
      say(
          Unpooled.copiedBuffer(
              "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                  + "Content-Length: "
                  + words.length()
                  + "\r\n\r\n"
                  + words,
              StandardCharsets.US_ASCII));
    }
  }

  @Override
  @Nullable String servername() {
    return servername;
  }

  @Override
  @Nullable String expectedHost() {
    return null;
  }

  @Override
  boolean looksAtPeer() {
    return rules.requestCert() && !proves;
  }

  @Override
  boolean endsAfterHandshake() {
    return proves;
  }

  @Override
  boolean isServer() {
    return true;
  }

  @Override
  boolean rejects() {
    return rules.rejectUnauthorized();
  }

  @Override
  @Nullable NetException errorOf(X509Certificate[] chain) {
    return rules.peerCheck().errorOf(chain, "UNKNOWN", false, null);
  }

  @Override
  void succeeded(Facts facts) {
    server.handshakes().succeeded(facts.sessionReused());
  }

  @Override
  void refusedBy(NetException why) {
    server.handshakes().failed(why.code());
  }
}
