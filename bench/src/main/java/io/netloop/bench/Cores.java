package io.netloop.bench;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which cores the two sides of a measurement have. <i>Immutable.</i>
 *
 * @param servers of the servers, one for each loop
 * @param generator of the load generator, as many where there are that many
 */
record Cores(List<Integer> servers, List<Integer> generator) {
  /** The first two. */
  static final Cores OF_ONE_LOOP = new Cores(List.of(0), List.of(1));

  private static final int TWO_AND_THE_GENERATOR = 3;
  private static final int TWO_EACH = 4;

  /**
   * Those of servers with two loops, on a machine with some cores. With two only, loops and
   * generator share, and what is measured says nothing.
   */
  static Cores ofTwoLoops(int cores) {
    return new Cores(
        cores >= TWO_AND_THE_GENERATOR ? List.of(0, 2) : List.of(0, 1),
        cores >= TWO_EACH ? List.of(1, 3) : List.of(1));
  }

  /** What stands before a command, so that it has these; nothing where none can be chosen. */
  static List<String> pin(List<Integer> cores) {
    String list = cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    return Machine.canPin() ? List.of("taskset", "-c", list) : List.of();
  }
}
