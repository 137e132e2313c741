package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The load that h2load makes over HTTP/2 without TLS, in a process of its own for each run.
 * <i>Immutable.</i>
 *
 * @param connections how many stay open for a run
 * @param streams how many requests each has under way
 * @param path what is asked for: {@code /}, or {@code /large} for 100 KiB
 */
record H2Load(int connections, int streams, String path) implements HttpLoad {
  private static final String NAME = "h2load";
  private static final Pattern TIME = Pattern.compile("finished in ([0-9.]+)(us|ms|s),");
  private static final Pattern COUNT =
      Pattern.compile("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");

  /** Who has answered nothing for so long will not. */
  private static final long ENOUGH_NANOS = 2 * Clock.SECOND;

  /** How to get h2load, where there is none; else null. */
  static @Nullable String missing() {
    return Machine.program(NAME) != null
        ? null
        : "bench http2 puts its load on with h2load, and there is no h2load on the PATH:"
            + " install it (Debian: 'apt-get install nghttp2-client').";
  }

  /** Where the time was too short for an answer, twice the time is tried, and so on. */
  @Override
  public Result run(int port, long nanos) throws IOException {
    long time = nanos;
    Result result = runOnce(port, time);
    while (result.answers() == 0 && time < ENOUGH_NANOS) {
      time *= 2;
      result = runOnce(port, time);
    }
    if (result.answers() == 0) {
      throw new IOException("it answered nothing that h2load has asked");
    }
    return result;
  }

  private Result runOnce(int port, long nanos) throws IOException {
    Process load =
        new ProcessBuilder(command(port, nanos))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String text = new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      // Waited for, so that the system counts its time as this process's children's.
      load.onExit().join();
      return parse(text);
    } finally {
      load.destroyForcibly();
    }
  }

  private List<String> command(int port, long nanos) {
    return List.of(
        NAME,
        "-t1",
        "-c" + connections,
        "-m" + streams,
        String.format(Locale.ROOT, "-D%dms", Math.max(1, nanos / Clock.MILLISECOND)),
        "http://127.0.0.1:" + port + path);
  }

  /** What it says at its end; requests that the end of the time has cut are no errors. */
  static Result parse(String text) throws IOException {
    Matcher time = TIME.matcher(text);
    Matcher count = COUNT.matcher(text);
    if (!time.find() || !count.find()) {
      throw new IOException("h2load failed and said: " + text.strip());
    }
    double unit =
        switch (time.group(2)) {
          case "us" -> 1e-6;
          case "ms" -> 1e-3;
          default -> 1;
        };
    long done = Long.parseLong(count.group(1));
    long succeeded = Long.parseLong(count.group(2));
    if (succeeded < done) {
      throw new IOException(
          "h2load saw %,d answers, of which %,d were right".formatted(done, succeeded));
    }
    return new Result(succeeded, Double.parseDouble(time.group(1)) * unit);
  }

  @Override
  public Trials.Question question() {
    return Http2Check::greet;
  }

  @Override
  public void check(int port) throws IOException {
    Http2Check.ask(port, path);
  }
}
