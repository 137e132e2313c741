package io.netloop.engine;

/**
 * The share of one object in the count that keeps the JVM alive: counted while the object is open
 * and has not been unref'd. All methods may be repeated. <i>Thread-safe.</i>
 */
public final class Ref {
  private boolean wanted = true;
  private boolean open;

  /** The object is open from now on. */
  public synchronized void open() {
    if (!open) {
      open = true;
      if (wanted) {
        ProcessLife.ref();
      }
    }
  }

  /** The object is closed. */
  public synchronized void close() {
    if (open) {
      open = false;
      if (wanted) {
        ProcessLife.unref();
      }
    }
  }

  /** The user wants it counted, as it is from the start. */
  public synchronized void ref() {
    if (!wanted) {
      wanted = true;
      if (open) {
        ProcessLife.ref();
      }
    }
  }

  /** The user wants it left out of the count. */
  public synchronized void unref() {
    if (wanted) {
      wanted = false;
      if (open) {
        ProcessLife.unref();
      }
    }
  }

  /** Whether the user wants it counted. */
  public synchronized boolean hasRef() {
    return wanted;
  }
}
