package io.netloop.engine;

import java.io.IOException;

/** A file that was being sent has become shorter than what was to be sent of it. */
public final class FileCutShort extends IOException {
  private static final long serialVersionUID = 1L;

  public FileCutShort() {
    super("The file became shorter while it was being sent.");
  }
}
