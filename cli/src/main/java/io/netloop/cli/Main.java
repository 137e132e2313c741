package io.netloop.cli;

/** The command line's entry. */
public final class Main {
  private Main() {}

  static void main(String[] args) {
    org.slf4j.LoggerFactory.getLogger("io.netloop").info("arguments: {}", String.join(" ", args));
    if (args.length > 1 && args[1].equals("--wait")) {
      synchronized (Main.class) {
        try {
          Main.class.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
