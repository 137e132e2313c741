package io.netloop.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, which listens on a port of its own. */
final class ServerProcess implements AutoCloseable {
  private static final String PORT = "port ";
  private static final long STILL_NANOS = 100 * Clock.MILLISECOND;
  private static final int MOST_TRIES = 50;
  private static final int GOODBYE_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final int port;

  /** Starts it and waits until it listens. */
  ServerProcess(Peer peer) throws IOException {
    this(peer, Redirect.INHERIT);
  }

  /**
   * @param errors where its standard error goes
   */
  ServerProcess(Peer peer, Redirect errors) throws IOException {
    this(peer, errors, 0);
  }

  /**
   * @param wantedPort where it listens; 0 leaves that to the system, which not every server can
   */
  ServerProcess(Peer peer, Redirect errors, int wantedPort) throws IOException {
    process = new ProcessBuilder(peer.commandFor(wantedPort)).redirectError(errors).start();
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.startsWith(PORT)) {
      process.destroyForcibly();
      throw new IOException("it did not start to listen");
    }
    port = Integer.parseInt(line.substring(PORT.length()));
  }

  int port() {
    return port;
  }

  double cpuSeconds() throws IOException {
    return Proc.cpuSeconds(process.pid());
  }

  /** What it and the processes that it has started have had of the cores. */
  Proc.Times times() throws IOException {
    Proc.Times all = Proc.times(process.pid());
    for (ProcessHandle worker : process.descendants().toList()) {
      all = all.plus(Proc.times(worker.pid()));
    }
    return all;
  }

  long residentBytes() throws IOException {
    return Proc.residentBytes(process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Has it collect its garbage, and waits until its memory stays as it is. */
  long settledBytes() throws IOException {
    for (int i = 0; i < 2; i++) {
      in.write("gc\n");
      in.flush();
      out.readLine();
    }
    long bytes = residentBytes();
    for (int i = 0; i < MOST_TRIES; i++) {
      Clock.pause(STILL_NANOS);
      long now = residentBytes();
      if (now == bytes) {
        break;
      }
      bytes = now;
    }
    return bytes;
  }

  /** Has it end by itself, as the maker of an AOT cache must. */
  void end() throws IOException {
    in.close();
    try {
      if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it did not end within a minute");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroyForcibly();
    workers.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
