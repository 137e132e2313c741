package io.netloop.ws;

import io.netloop.http.ClientRequest;
import io.netloop.http.ClientResponse;
import io.netloop.http.Http;
import io.netloop.http.Https;
import io.netloop.http.RequestOptions;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client's opening handshake: one request, whose answer is checked to the letter (RFC 6455 §4.1).
 * Loop-confined.
 */
final class ClientHandshake {
  /** Who is told how it ended; once. */
  interface Outcome {
    void opened(TcpSocket socket, Agreed agreed, Buffer head);

    void failed(NetException why);
  }

  /**
   * What the server has chosen.
   *
   * @param protocol an empty text for none
   * @param extensions as the server has said it; an empty text for none
   * @param deflate null for no compression
   */
  record Agreed(String protocol, String extensions, @Nullable DeflateAgreement deflate) {}

  private final String key;
  private final List<String> protocols;
  private final @Nullable DeflateOptions offered;
  private final Outcome outcome;
  private final ClientRequest request;
  private final Timer deadline;
  private boolean over;

  ClientHandshake(
      RequestOptions to,
      List<String> protocols,
      WebSocketOptions options,
      RandomGenerator random,
      Outcome outcome) {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    this.key = Base64.getEncoder().encodeToString(nonce);
    this.protocols = protocols;
    this.offered = options.deflate();
    this.outcome = outcome;
    RequestOptions asks = withHeaders(to, options.headers()).withTls(options.tls());
    this.request = asks.protocol().equals("https:") ? Https.request(asks) : Http.request(asks);
    request
        .onUpgrade(this::answered)
        .onResponse(this::refused)
        .onError(this::fail)
        .onClose(this::closed)
        .end();
    this.deadline =
        Loop.current()
            .setTimeout(
                options.handshakeTimeout(),
                () -> {
                  fail(
                      new NetException(
                          "ETIMEDOUT",
                          "The opening handshake has taken more than %s."
                              .formatted(options.handshakeTimeout())));
                  request.destroy();
                });
  }

  private RequestOptions withHeaders(RequestOptions to, Map<String, String> more) {
    RequestOptions all = to.withoutAgent();
    for (Map.Entry<String, String> header : more.entrySet()) {
      all = all.withHeader(header.getKey(), header.getValue());
    }
    all =
        all.withHeader("Upgrade", "websocket")
            .withHeader("Connection", "Upgrade")
            .withHeader("Sec-WebSocket-Key", key)
            .withHeader("Sec-WebSocket-Version", "13");
    if (!protocols.isEmpty()) {
      all = all.withHeader("Sec-WebSocket-Protocol", String.join(",", protocols));
    }
    if (offered != null) {
      all = all.withHeader("Sec-WebSocket-Extensions", DeflateAgreement.offer(offered));
    }
    return all;
  }

  private void answered(ClientResponse response, TcpSocket socket, Buffer head) {
    try {
      Agreed agreed = check(response);
      if (end()) {
        outcome.opened(socket, agreed, head);
      }
    } catch (NetException wrong) {
      socket.destroy();
      fail(wrong);
    }
  }

  private Agreed check(ClientResponse response) {
    String connection = String.valueOf(response.header("connection")).toLowerCase(Locale.ROOT);
    if (!"websocket".equalsIgnoreCase(response.header("upgrade"))
        || !List.of(connection.split("\\s*,\\s*")).contains("upgrade")) {
      throw wrong("Invalid Upgrade header");
    }
    if (!ServerHandshake.accept(key).equals(response.header("sec-websocket-accept"))) {
      throw wrong("Invalid Sec-WebSocket-Accept header");
    }
    String protocol = response.header("sec-websocket-protocol");
    if (protocol == null ? !protocols.isEmpty() : !protocols.contains(protocol)) {
      throw wrong(
          protocol == null ? "Server sent no subprotocol" : "Server sent an invalid subprotocol");
    }
    String extensions = response.header("sec-websocket-extensions");
    return new Agreed(
        protocol == null ? "" : protocol,
        extensions == null ? "" : extensions,
        extensions == null ? null : deflate(extensions));
  }

  private DeflateAgreement deflate(String header) {
    ExtensionOffers answer = offered == null ? null : ExtensionOffers.parse(header);
    DeflateAgreement agreed = answer == null ? null : DeflateAgreement.answered(answer);
    if (agreed == null || offered == null) {
      throw wrong("Invalid Sec-WebSocket-Extensions header");
    }
    return agreed.withClientTakeover(offered.clientContextTakeover());
  }

  private static NetException wrong(String what) {
    return new NetException("ERR_WS_HANDSHAKE", what + ": the server's answer opens no WebSocket.");
  }

  private void refused(ClientResponse response) {
    fail(
        new NetException(
            "ERR_WS_HANDSHAKE", "Unexpected server response: " + response.statusCode()));
    request.destroy();
  }

  /** Of a connection that could not be made this may be told before its error. */
  private void closed(CloseCause cause) {
    NetException why = cause.error();
    fail(why != null ? why : new NetException("ECONNRESET", "The server closed the connection."));
  }

  private void fail(NetException why) {
    if (end()) {
      outcome.failed(why);
    }
  }

  private boolean end() {
    boolean first = !over;
    over = true;
    deadline.clear();
    return first;
  }

  /** Nobody wants the connection any more; the outcome is told nothing. */
  void cancel() {
    end();
    request.destroy();
  }
}
