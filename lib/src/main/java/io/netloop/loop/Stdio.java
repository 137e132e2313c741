package io.netloop.loop;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/**
 * The terminal, or whatever stands in its place, as streams: {@code process.stdin}, {@code
 * process.stdout} and {@code process.stderr} of Node. <i>Thread-safe.</i>
 *
 * <pre>{@code
 * Stdio.stdin().onData(line -> client.write(line));
 * }</pre>
 *
 * <p>They belong to the default loop, and their listeners run there, whichever worker adds them.
 * Input keeps the program alive while it flows, output until it is written.
 *
 * @see <a href="https://nodejs.org/api/process.html#processstdin">Node: process.stdin</a>
 */
public final class Stdio {
  private static final Input STDIN =
      new Input("stdin", new FileInputStream(FileDescriptor.in), Loop.byDefault());
  private static final Output STDOUT =
      new Output("stdout", new FileOutputStream(FileDescriptor.out), Loop.byDefault());
  private static final Output STDERR =
      new Output("stderr", new FileOutputStream(FileDescriptor.err), Loop.byDefault());

  private Stdio() {}

  /** What is typed or piped in: from a terminal, a line at a time, with its line end. */
  public static Readable stdin() {
    return STDIN;
  }

  /** The program's output. */
  public static Writable stdout() {
    return STDOUT;
  }

  /** For errors and diagnostics. */
  public static Writable stderr() {
    return STDERR;
  }
}
