package io.netloop.http;

import io.netloop.loop.NetException;
import java.util.List;
import java.util.Locale;

/**
 * Puts the heads of a connection's responses together, in HTTP/1.1: the program's own headers, then
 * the date, whether the connection is kept, and how the body is delimited. One for each connection.
 * Loop-confined.
 */
final class ResponseHead {
  private final ServerConnection connection;

  // What the program's own headers say, of the response under way.
  private boolean ownDate;
  private boolean ownConnection;
  private boolean ownKeepAlive;
  private boolean ownEncoding;
  private boolean ownTrailer;

  ResponseHead(ServerConnection connection) {
    this.connection = connection;
  }

  /** See {@link OutgoingMessage#putHead}. */
  void put(HttpResponse response, HeadWriter head, long bodyLength) {
    response.hasBody &= !response.isBodiless();
    ownDate = false;
    ownConnection = false;
    ownKeepAlive = false;
    ownEncoding = false;
    ownTrailer = false;
    if (!isPlain(response) || !putRepeated(response, head)) {
      putBegin(response, head);
    }
    if (response.statusCode() == 205) {
      connection.headerLines().putLength(head, 0);
    } else if (response.hasBody && response.declaredLength < 0 && !ownEncoding) {
      putFraming(response, head, bodyLength);
    } else {
      head.putLineEnd();
    }
  }

  /** Whether nothing but the status and the headers says how the head begins. */
  private boolean isPlain(HttpResponse response) {
    return response.shouldKeepAlive
        && http11(response)
        && response.statusMessage() == null
        && response.addsDate()
        && !response.noConnection
        && !response.awaitsContinue
        && !connection.isLast(response);
  }

  /** The begin as it was sent before, or as it is to be sent again. */
  private boolean putRepeated(HttpResponse response, HeadWriter head) {
    int status = response.statusCode();
    OutgoingHeaders headers = response.headers;
    byte[] kept = connection.dateLine().dateAndKept(connection.keepAliveSeconds());
    byte[] begin = connection.repeatedHeads().find(status, headers, kept);
    if (begin == null) {
      if (!connection.headerLines().know(headers)) {
        return false;
      }
      int from = head.length();
      putBegin(response, head);
      connection.repeatedHeads().learn(status, headers, kept, head, from);
    } else {
      head.put(begin);
    }
    return true;
  }

  /** All but how the body is delimited. */
  private void putBegin(HttpResponse response, HeadWriter head) {
    int status = response.statusCode();
    String phrase = response.statusMessage();
    if (phrase == null) {
      StatusCodes.putLine(head, status);
    } else {
      StatusCodes.putLine(head, status, phrase);
    }
    if (response.headers.size() > 0) {
      putOwn(response, head, status == 204 || status < 200, status == 205);
    }
    putConnection(response, head, http11(response) || response.declaredLength >= 0);
  }

  private static boolean http11(HttpResponse response) {
    return response.request().isHttp11();
  }

  private void putOwn(
      HttpResponse response, HeadWriter head, boolean lengthForbidden, boolean empty) {
    HeaderLines known = connection.headerLines();
    OutgoingHeaders headers = response.headers;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      Object value = headers.value(i);
      byte[] line = known.line(name, value);
      if (line != null) {
        head.put(line);
        continue;
      }
      switch (name.length()) {
        case 4 -> ownDate |= name.equalsIgnoreCase("date");
        case 7 -> ownTrailer |= name.equalsIgnoreCase("trailer");
        case 10 -> {
          if (name.equalsIgnoreCase("connection")) {
            noteConnection(response, value);
          }
          ownKeepAlive |= name.equalsIgnoreCase("keep-alive");
        }
        case 14 -> {
          if (name.equalsIgnoreCase("content-length")) {
            if (lengthForbidden || empty || headers.has("transfer-encoding")) {
              continue;
            }
            response.declaredLength = OutgoingMessage.lengthOf(value);
          }
        }
        case 17 -> {
          if (name.equalsIgnoreCase("transfer-encoding")) {
            if (lengthForbidden || empty || !http11(response)) {
              continue;
            }
            ownEncoding = true;
            response.chunked = value.toString().toLowerCase(Locale.ROOT).contains("chunked");
            response.last |= !response.chunked;
          }
        }
        default -> {
          // The others concern the client, not how the message is framed.
        }
      }
      if (value instanceof List<?> && isUnique(name)) {
        head.putHeader(name, String.join("; ", OutgoingHeaders.texts(value)));
      } else {
        SocketWire.putLines(head, name, value);
      }
    }
    if (ownTrailer && (response.declaredLength >= 0 || !http11(response))) {
      throw new NetException(
          "ERR_HTTP_TRAILER_INVALID", "Trailers are invalid with this transfer encoding");
    }
  }

  private boolean isUnique(String name) {
    return connection.options().uniqueHeaders().contains(name.toLowerCase(Locale.ROOT));
  }

  private void noteConnection(HttpResponse response, Object value) {
    ownConnection = true;
    for (String line : OutgoingHeaders.texts(value)) {
      response.last |= line.toLowerCase(Locale.ROOT).contains("close");
    }
  }

  /** Date, and whether the connection is kept. */
  private void putConnection(HttpResponse response, HeadWriter head, boolean delimited) {
    boolean dated = response.addsDate() && !ownDate;
    response.shouldKeepAlive &= !response.awaitsContinue;
    boolean mayKeep = response.shouldKeepAlive && delimited && !connection.isLast(response);
    if (ownConnection || response.noConnection) {
      response.last |= !ownConnection && !response.shouldKeepAlive;
      response.last |= connection.isLast(response);
      if (dated) {
        head.put(connection.dateLine().date());
      }
      return;
    }
    boolean kept = mayKeep && !response.last;
    if (kept && dated && !ownKeepAlive && !connection.countsRequests()) {
      head.put(connection.dateLine().dateAndKept(connection.keepAliveSeconds()));
      return;
    }
    if (dated) {
      head.put(connection.dateLine().date());
    }
    if (kept) {
      head.put("Connection: keep-alive\r\n");
      if (!ownKeepAlive) {
        connection.putKeepAlive(head);
      }
    } else {
      response.last = true;
      head.put("Connection: close\r\n");
    }
  }

  /** How the body is delimited, and the empty line. */
  private void putFraming(HttpResponse response, HeadWriter head, long bodyLength) {
    if (!http11(response)) {
      response.last = true;
    } else if (bodyLength >= 0 && !response.noLength && !ownTrailer) {
      connection.headerLines().putLength(head, bodyLength);
      return;
    } else if (!response.noEncoding) {
      response.chunked = true;
      head.put("Transfer-Encoding: chunked\r\n");
    } else {
      response.last = true;
    }
    head.putLineEnd();
  }
}
