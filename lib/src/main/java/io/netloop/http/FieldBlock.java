package io.netloop.http;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a head, or of trailers, as they came in HTTP/2. Never changed once it is read: one
 * that comes twice is the same object.
 */
final class FieldBlock {
  private static final byte[] NOTHING = {};

  @Nullable String method;
  @Nullable String scheme;
  @Nullable String authority;

  /** What an extended CONNECT asks for (RFC 8441 §4). */
  @Nullable String protocol;

  /** -1 where none came, 0 where it is no number of three digits. */
  int status = -1;

  /** Where {@link #pathFrom} and {@link #pathTo} point to. */
  byte[] bytes = NOTHING;

  boolean hasPath;
  int pathFrom;
  int pathTo;

  Headers headers = Headers.NONE;
  long contentLength = -1;
  boolean expects;
  boolean expectsContinue;

  /** More than is taken has come: the rest was thrown away. */
  boolean tooLarge;

  /** What makes the message malformed (RFC 9113 §8.1.1), or null. */
  @Nullable String wrong;

  /** Notes what is wrong first. */
  void wrong(String what) {
    if (wrong == null) {
      wrong = what;
    }
  }

  boolean hasPseudo() {
    return method != null
        || scheme != null
        || authority != null
        || protocol != null
        || hasPath
        || status >= 0;
  }

  /** What a request has wrong (RFC 9113 §8.3.1), or null. */
  @Nullable String wrongRequest() {
    if (wrong != null) {
      return wrong;
    }
    if (status >= 0) {
      return "a request has a :status";
    }
    if (method == null) {
      return "a request has no :method";
    }
    boolean isConnect = method.equals("CONNECT");
    if (isConnect && protocol == null) {
      return hasPath || scheme != null || authority == null
          ? "CONNECT has an :authority, and no :path or :scheme (RFC 9113 §8.5)"
          : wrongAuthority();
    }
    if (protocol != null && !isConnect) {
      return "a request other than CONNECT has a :protocol";
    }
    if (scheme == null || !hasPath) {
      return "a request has no :scheme, or no :path";
    }
    return isPath() ? wrongAuthority() : "the :path is none";
  }

  private boolean isPath() {
    if (pathFrom == pathTo || Syntax.targetEnd(bytes, pathFrom, pathTo) != pathTo) {
      return false;
    }
    boolean isAll = bytes[pathFrom] == '*' && pathTo - pathFrom == 1;
    return bytes[pathFrom] == '/' || (isAll && "OPTIONS".equals(method));
  }

  private @Nullable String wrongAuthority() {
    if (authority == null) {
      return null;
    }
    byte[] host = new byte[authority.length()];
    for (int i = 0; i < host.length; i++) {
      host[i] = (byte) authority.charAt(i);
    }
    return Target.isHost(host, 0, host.length) ? null : "the :authority is no host";
  }

  /** What a response has wrong (RFC 9113 §8.3.2), or null. */
  @Nullable String wrongResponse() {
    if (wrong != null) {
      return wrong;
    }
    boolean others =
        method != null || scheme != null || authority != null || protocol != null || hasPath;
    return others || status < 100 ? "a response has a :status, and nothing else of the like" : null;
  }

  /** What trailers have wrong, or null. */
  @Nullable String wrongTrailers() {
    return wrong == null && hasPseudo() ? "trailers have pseudo-header fields" : wrong;
  }
}
