package io.netloop.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * How the bench talks to a server in Java: the port goes out on standard output, {@code gc} comes
 * in, and the end of standard input is the end of the server.
 */
final class Control {
  private Control() {}

  /** Called by each server once it listens. */
  @SuppressWarnings("SystemOut")
  static void listening(int port) {
    PrintStream out = System.out;
    out.println("port " + port);
    Thread.ofPlatform().name("control").daemon().start(() -> obey(out));
  }

  private static void obey(PrintStream out) {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      while (in.readLine() != null) {
        ManagementFactory.getMemoryMXBean().gc();
        out.println("collected");
      }
      System.exit(0);
    } catch (IOException e) {
      System.exit(1);
    }
  }
}
