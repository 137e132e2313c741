package io.netloop.bench;

import java.util.List;

/**
 * What the command line says. <i>Immutable.</i>
 *
 * @param what the name of the bench
 * @param rounds how many times each peer is measured, 1 to 1000
 * @param seconds for how long each time, 0.01 to 3600; it warms up at least as long before
 * @param only the names of the rows to measure; all where there is none
 * @param npm whether the newest Node is installed
 * @param small whether as little as possible is done: a test of the bench and no measurement
 */
record Options(
    String what, int rounds, double seconds, List<String> only, boolean npm, boolean small) {

  private static final int ROUNDS = 5;
  private static final double SECONDS = 5;

  /** Wrong usage; the message is a sentence for the user. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  private static final List<String> BENCHES =
      List.of("tcp", "udp", "http", "http2", "tls", "web", "ws", "chat", "template");

  static Options parse(String... args) throws Wrong {
    if (args.length == 0 || !BENCHES.contains(args[0])) {
      String known = String.join(", ", BENCHES);
      throw new Wrong(
          args.length == 0
              ? "bench needs to know what: one of " + known
              : "there is no bench '%s': it is one of %s".formatted(args[0], known));
    }
    Options options = new Options(args[0], ROUNDS, SECONDS, List.of(), true, false);
    for (int i = 1; i < args.length; i++) {
      String value = i + 1 < args.length ? args[i + 1] : null;
      switch (args[i]) {
        case "--no-npm" -> options = options.with(options.only, false);
        case "--rounds", "--seconds", "--only" -> {
          if (value == null) {
            throw new Wrong(args[i] + " needs a value");
          }
          options = options.with(args[i], value);
          i++;
        }
        default ->
            throw new Wrong(
                args[i].startsWith("-")
                    ? "there is no option " + args[i]
                    : "nothing is known about '%s'".formatted(args[i]));
      }
    }
    return options;
  }

  /** The same as a test of the bench. */
  Options smallest() {
    return new Options(what, 1, 0.1, only, false, true);
  }

  /** What is to be typed to do this again. */
  String commandLine() {
    return what
        + " --rounds %d --seconds %s".formatted(rounds, seconds)
        + (only.isEmpty() ? "" : " --only " + String.join(",", only))
        + (npm ? "" : " --no-npm");
  }

  private Options with(String option, String value) throws Wrong {
    return switch (option) {
      case "--rounds" ->
          new Options(what, (int) number(option, value, 1, 1000), seconds, only, npm, small);
      case "--seconds" ->
          new Options(what, rounds, number(option, value, 0.01, 3600), only, npm, small);
      default -> with(List.of(value.split(",", -1)), npm);
    };
  }

  private Options with(List<String> newOnly, boolean newNpm) {
    return new Options(what, rounds, seconds, newOnly, newNpm, small);
  }

  private static double number(String option, String value, double least, double most)
      throws Wrong {
    String range = least % 1 == 0 ? "a whole number from %.0f to %.0f" : "a number from %s to %.0f";
    try {
      double number = least % 1 == 0 ? Integer.parseInt(value) : Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with what it must be.
    }
    throw new Wrong(
        "%s must be %s, not '%s'".formatted(option, range.formatted(least, most), value));
  }
}
