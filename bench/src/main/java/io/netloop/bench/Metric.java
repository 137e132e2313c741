package io.netloop.bench;

/**
 * Something that is measured of a server. <i>Immutable.</i>
 *
 * @param name with its unit
 * @param decimals how many of its decimals say something
 * @param better what is better, if anything is
 */
record Metric(String name, int decimals, Better better) {

  enum Better {
    MORE,
    LESS,
    NEITHER
  }

  /** How busy the server's process keeps one core, in percent; all its threads count. */
  static final Metric SERVER_BUSY = new Metric("server busy, %", 0, Better.NEITHER);

  /** How busy the load generator's process keeps its core, in percent. */
  static final Metric GENERATOR_BUSY = new Metric("generator busy, %", 0, Better.NEITHER);

  /** What all others on the machine used meanwhile, in percent of one core: noise, if much. */
  static final Metric OTHERS_BUSY = new Metric("others busy, %", 0, Better.NEITHER);

  static Metric more(String name, int decimals) {
    return new Metric(name, decimals, Better.MORE);
  }

  static Metric less(String name, int decimals) {
    return new Metric(name, decimals, Better.LESS);
  }

  /** How many times better {@code ours} is than {@code theirs}. */
  double ratio(double ours, double theirs) {
    return better == Better.LESS ? theirs / ours : ours / theirs;
  }
}
