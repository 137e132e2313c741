package io.netloop.web;

/** How a file's {@code ETag} is made (RFC 9110 §8.8.3). */
public enum EntityTags {
  /** None is sent. */
  NONE,
  /** Of its size and of when it was changed: it costs nothing. */
  WEAK,
  /**
   * Of its bytes, which are read for it when it is first asked for and after a change; a file of
   * more than 16 MiB gets a weak one. It makes {@code If-Range} and {@code If-Match} work.
   */
  STRONG
}
