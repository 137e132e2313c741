package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The load that wrk makes, in a process of its own for each run. <i>Immutable.</i>
 *
 * @param script the folder's {@code load.lua}
 * @param cores where it runs, with a thread for each
 * @param connections how many stay open for a run
 * @param mode what is sent: {@code plain}, {@code echo} or {@code routes}
 * @param pipelined how many requests are sent in a row before an answer is waited for
 * @param scheme {@code http} or {@code https}
 * @param path what is asked for
 */
record Wrk(
    Path script,
    List<Integer> cores,
    int connections,
    String mode,
    int pipelined,
    String scheme,
    String path)
    implements HttpLoad {
  private static final String NAME = "wrk";
  private static final Pattern SUMMARY =
      Pattern.compile("answers (\\d+) errors (\\d+) micros (\\d+)");

  /** Longer than any run, which is ended by a signal. */
  private static final String FOR_EVER = "7200s";

  /** A cold server may take longer for its first answers than wrk's own two seconds. */
  private static final String PATIENCE = "20s";

  /** Who has answered nothing for so long will not. */
  private static final long ENOUGH_NANOS = 2 * Clock.SECOND;

  Wrk(Path script, List<Integer> cores, int connections, String mode, int pipelined) {
    this(script, cores, connections, mode, pipelined, "http", "/");
  }

  /** The same over TLS; nobody looks at the certificate. */
  Wrk overTls() {
    return new Wrk(script, cores, connections, mode, pipelined, "https", path);
  }

  /** The same for another path than the root's. */
  Wrk asking(String forPath) {
    return new Wrk(script, cores, connections, mode, pipelined, scheme, forPath);
  }

  /** How to get wrk, where there is none; else null. */
  static @Nullable String missing() {
    return Machine.program(NAME) != null
        ? null
        : "this bench puts its load on with wrk, and there is no wrk on the PATH:"
            + " install it (Debian: 'apt-get install wrk').";
  }

  /**
   * Keeps a server at work; connections are opened before and closed behind. Where the time was too
   * short for an answer, as in a test on a busy machine, twice the time is tried, and so on.
   */
  @Override
  public Result run(int port, long nanos) throws IOException {
    long time = nanos;
    Result result = runOnce(port, time);
    while (result.answers() == 0 && time < ENOUGH_NANOS) {
      time *= 2;
      result = runOnce(port, time);
    }
    if (result.answers() == 0) {
      throw new IOException("it answered nothing that wrk has asked");
    }
    return result;
  }

  @Override
  public Trials.Question question() {
    return HttpCheck::greet;
  }

  @Override
  public void check(int port) throws IOException {
    HttpCheck.ask(port, mode);
  }

  private Result runOnce(int port, long nanos) throws IOException {
    Process wrk =
        new ProcessBuilder(command(port)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      Clock.pauseAll(nanos);
      interrupt(wrk);
      String text = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      // Waited for, so that the system counts its time as this process's children's.
      wrk.onExit().join();
      return parse(text);
    } finally {
      wrk.destroyForcibly();
    }
  }

  /** What starts it: on its cores if there are several, or else on that of this process. */
  List<String> command(int port) {
    List<String> command = new ArrayList<>();
    if (cores.size() > 1) {
      command.addAll(Cores.pin(cores));
    }
    command.addAll(
        List.of(
            NAME,
            "-t" + cores.size(),
            "-c" + connections,
            "-d" + FOR_EVER,
            "--timeout",
            PATIENCE,
            "-s",
            script.toString(),
            scheme + "://127.0.0.1:" + port + path,
            "--",
            mode,
            Integer.toString(pipelined)));
    return command;
  }

  /** wrk's own clock knows whole seconds only; at this signal it counts up and ends. */
  private static void interrupt(Process wrk) throws IOException {
    Process kill = new ProcessBuilder("kill", "-INT", Long.toString(wrk.pid())).start();
    kill.onExit().join();
  }

  static Result parse(String text) throws IOException {
    Matcher summary = SUMMARY.matcher(text);
    if (!summary.find()) {
      throw new IOException("wrk failed and said: " + text.strip());
    }
    long answers = Long.parseLong(summary.group(1));
    long errors = Long.parseLong(summary.group(2));
    if (errors > 0) {
      throw new IOException("wrk saw %,d answers and %,d errors".formatted(answers, errors));
    }
    return new Result(answers, Long.parseLong(summary.group(3)) / 1e6);
  }
}
