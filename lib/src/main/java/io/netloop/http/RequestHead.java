package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Locale;

/**
 * Puts the head of a request together, in HTTP/1.1, and notes what it says of the message: whether
 * it has a body, and how that is delimited. Loop-confined.
 */
final class RequestHead {
  /** Those whose requests have no body, as a rule, and then say nothing of its length. */
  static final List<String> BODILESS =
      List.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final ClientRequest request;
  private boolean ownConnection;
  private boolean ownEncoding;

  RequestHead(ClientRequest request) {
    this.request = request;
  }

  /** See {@link OutgoingMessage#putHead}. */
  void put(HeadWriter head, long bodyLength) {
    head.put(request.options().method());
    head.put(' ');
    head.put(request.options().path());
    head.put(" HTTP/1.1\r\n");
    for (int i = 0; i < request.headers.size(); i++) {
      if (isSent(request.headers.name(i), request.headers.value(i))) {
        SocketWire.putLines(head, request.headers.name(i), request.headers.value(i));
      }
    }
    if (!ownConnection && !request.noConnection) {
      request.last = !request.agentKeeps();
      head.put(request.last ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
    }
    if (request.declaredLength < 0 && !ownEncoding) {
      putLength(head, bodyLength);
    }
    head.putLineEnd();
  }

  /** Notes what the program's own header says of the message; returns whether it is sent. */
  private boolean isSent(String name, Object value) {
    switch (name.length()) {
      case 10 -> {
        if (name.equalsIgnoreCase("connection")) {
          ownConnection = true;
          for (String line : OutgoingHeaders.texts(value)) {
            request.last |= line.toLowerCase(Locale.ROOT).contains("close");
          }
        }
      }
      case 14 -> {
        if (name.equalsIgnoreCase("content-length")) {
          if (request.headers.has("transfer-encoding")) {
            return false; // Both would be read differently by different servers.
          }
          if (request.declaredLength >= 0) {
            throw invalid(name, value, "there is another one before it.");
          }
          request.declaredLength = OutgoingMessage.lengthOf(value);
        }
      }
      case 17 -> {
        if (name.equalsIgnoreCase("transfer-encoding")) {
          if (ownEncoding) {
            throw invalid(name, value, "there is another one before it.");
          }
          ownEncoding = true;
          request.chunked = true;
          if (!value.toString().equalsIgnoreCase("chunked")) {
            throw invalid(name, value, "only \"chunked\" is sent.");
          }
        }
      }
      default -> {
        // The others concern the server, not how the message is framed.
      }
    }
    return true;
  }

  private static NetException invalid(String name, Object value, String wanted) {
    return new NetException(
        "ERR_HTTP_INVALID_HEADER_VALUE",
        "Invalid value \"" + value + "\" for header \"" + name + "\": " + wanted);
  }

  /**
   * How the body is delimited. Node sends none at all with GET and its like, body or not, and so
   * the server takes the body for the next request.
   */
  private void putLength(HeadWriter head, long bodyLength) {
    boolean bodiless = BODILESS.contains(request.options().method());
    boolean expects = request.headers.has("expect");
    if (bodiless && !expects && (bodyLength == 0 || bodyLength == OutgoingMessage.NOT_BEGUN)) {
      request.hasBody = false;
    } else if (bodyLength >= 0 && !request.noLength && !request.headers.has("trailer")) {
      head.put("Content-Length: ");
      head.put(bodyLength);
      head.putLineEnd();
    } else if (!request.noEncoding) {
      request.chunked = true;
      head.put("Transfer-Encoding: chunked\r\n");
    } else if (bodyLength == 0) {
      request.hasBody = false;
    } else {
      throw new NetException(
          "ERR_HTTP_BODY_NOT_ALLOWED",
          "A body that neither Content-Length nor Transfer-Encoding delimits can't be sent.");
    }
  }
}
