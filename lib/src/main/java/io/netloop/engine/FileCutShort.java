package io.netloop.engine;

import java.io.IOException;

/** A file that was being sent has become shorter than what was to be sent of it. */
public final class FileCutShort extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is told of it. */
  public static final String WHAT = "The file became shorter while it was being sent.";

  public FileCutShort() {
    super(WHAT);
  }
}
