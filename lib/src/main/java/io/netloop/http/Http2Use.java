package io.netloop.http;

/** Whether a request may go over HTTP/2. */
public enum Http2Use {
  /** Over HTTP/1.1 only. */
  NEVER,

  /** Over HTTP/2 where the server agrees to it in the TLS handshake (ALPN); else HTTP/1.1. */
  OFFERED,

  /** Over HTTP/2 without asking: the server is known to speak it (RFC 9113 §3.3). */
  PRIOR_KNOWLEDGE
}
