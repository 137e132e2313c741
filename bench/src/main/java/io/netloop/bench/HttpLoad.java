package io.netloop.bench;

import java.io.IOException;

/** A program that keeps a server of HTTP at work, in a process of its own for each run. */
interface HttpLoad {
  /**
   * What came of a run.
   *
   * @param answers how many were complete
   * @param seconds how long was counted
   */
  record Result(long answers, double seconds) {}

  /** Keeps a server at work; connections are opened before and closed behind. */
  Result run(int port, long nanos) throws IOException;

  /** What a server that has started answers. */
  Trials.Question question();

  /**
   * Asks once what the load will ask.
   *
   * @throws IOException if the answer is not what all are to answer
   */
  void check(int port) throws IOException;
}
