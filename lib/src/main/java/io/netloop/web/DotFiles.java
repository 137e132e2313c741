package io.netloop.web;

/** What becomes of requests for files whose name, or whose directory's, begins with a dot. */
public enum DotFiles {
  /** As if they were not there: 404. */
  IGNORE,
  /** They are files as any. */
  ALLOW,
  /** 403. */
  DENY
}
