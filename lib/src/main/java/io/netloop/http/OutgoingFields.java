package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Set;

/**
 * Puts the heads and trailers of what we send together, in HTTP/2 (RFC 9113 §8.3): the program's
 * headers, in small letters and without those about a connection, and ours. Loop-confined.
 */
final class OutgoingFields {
  private final HpackWriter hpack;

  OutgoingFields(HpackWriter hpack) {
    this.hpack = hpack;
  }

  /** A response's head; notes what it says of the body. */
  void response(HttpResponse response, HeadWriter to, long bodyLength, DateLine date) {
    int status = response.statusCode();
    if (status < 200) {
      throw new NetException(
          "ERR_HTTP2_INFO_STATUS_NOT_ALLOWED",
          "Informational status codes cannot be used: %d is no final answer.".formatted(status));
    }
    response.hasBody &= !response.isBodiless();
    OutgoingHeaders own = response.headers;
    boolean lengthForbidden = status == 204 || status == 205;
    response.declaredLength = lengthForbidden ? -1 : declaredLength(own);
    hpack.begin(to);
    hpack.status(to, status);
    boolean dated = response.addsDate();
    Set<String> unique = response.uniqueHeaders();
    for (int i = 0; i < own.size(); i++) {
      String name = hpack.lower(own.name(i));
      Object value = own.value(i);
      if (name.equals("date")) {
        dated = false;
      }
      if (isOfConnection(name) || (lengthForbidden && name.equals("content-length"))) {
        continue;
      }
      if (value instanceof List<?> && !unique.isEmpty() && unique.contains(name)) {
        hpack.field(to, name, String.join("; ", OutgoingHeaders.texts(value)));
      } else {
        put(to, name, value);
      }
    }
    if (dated) {
      hpack.field(to, "date", date.value());
    }
    if (status == 205) {
      hpack.contentLength(to, 0);
    } else if (response.hasBody
        && bodyLength >= 0
        && response.declaredLength < 0
        && !response.noLength
        && response.trailers() == null) {
      hpack.contentLength(to, bodyLength);
    }
  }

  /** A request's head; notes what it says of the body. */
  void request(ClientRequest request, HeadWriter to, long bodyLength) {
    OutgoingHeaders own = request.headers;
    request.declaredLength = declaredLength(own);
    boolean bodiless = RequestHead.BODILESS.contains(request.method());
    boolean none = bodyLength == 0 || bodyLength == OutgoingMessage.NOT_BEGUN;
    if (bodiless && none && request.declaredLength < 0 && !own.has("expect")) {
      request.hasBody = request.isTunnel();
    }
    hpack.begin(to);
    hpack.pseudo(to, ":method", request.method());
    Object host = own.get("host");
    String authority = host == null ? request.authority() : host.toString();
    String protocol = request.options().tunnelProtocol();
    if (request.isTunnel() && protocol == null) {
      hpack.field(to, ":authority", request.path());
    } else {
      hpack.pseudo(to, ":scheme", request.scheme());
      hpack.field(to, ":authority", authority);
      hpack.pseudo(to, ":path", request.path());
    }
    if (protocol != null) {
      hpack.field(to, ":protocol", protocol);
    }
    for (int i = 0; i < own.size(); i++) {
      String name = hpack.lower(own.name(i));
      if (!isOfConnection(name) && !name.equals("host")) {
        put(to, name, own.value(i));
      }
    }
    boolean says = bodyLength > 0 || (bodyLength == 0 && !bodiless);
    if (says && request.declaredLength < 0 && !request.noLength && request.trailers() == null) {
      hpack.contentLength(to, bodyLength);
    }
  }

  /** An answer before the answer. */
  void information(int status, OutgoingHeaders lines, HeadWriter to) {
    hpack.begin(to);
    hpack.status(to, status);
    fields(lines, to);
  }

  void trailers(OutgoingHeaders lines, HeadWriter to) {
    hpack.begin(to);
    fields(lines, to);
  }

  private void fields(OutgoingHeaders lines, HeadWriter to) {
    for (int i = 0; i < lines.size(); i++) {
      String name = hpack.lower(lines.name(i));
      if (!isOfConnection(name)) {
        put(to, name, lines.value(i));
      }
    }
  }

  private void put(HeadWriter to, String name, Object value) {
    if (value instanceof String text) {
      hpack.field(to, name, text.strip());
      return;
    }
    for (String line : OutgoingHeaders.texts(value)) {
      hpack.field(to, name, line.strip());
    }
  }

  private static long declaredLength(OutgoingHeaders own) {
    Object value = own.get("content-length");
    return value == null ? -1 : OutgoingMessage.lengthOf(value);
  }

  /** What HTTP/2 has no use for, and forbids (RFC 9113 §8.2.2). */
  private static boolean isOfConnection(String lowerName) {
    return switch (lowerName) {
      case "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "te" ->
          true;
      default -> false;
    };
  }
}
