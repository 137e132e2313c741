package io.netloop.bench;

import java.io.IOException;
import java.util.List;

/**
 * One question that several servers are asked. <i>Immutable.</i>
 *
 * @param name what {@code --only} calls it
 * @param title what is done
 * @param metrics what a trial measures, in this order
 * @param peers who is asked; the others are held against the first
 * @param trial asks one of them once
 * @param cores which ones both sides have
 */
record Row(
    String name, String title, List<Metric> metrics, List<Peer> peers, Trial trial, Cores cores) {

  /** For servers with one loop. */
  Row(String name, String title, List<Metric> metrics, List<Peer> peers, Trial trial) {
    this(name, title, metrics, peers, trial, Cores.OF_ONE_LOOP);
  }

  /** Makes a row, with all that its peers need. */
  interface Maker {
    Row make();
  }

  /** One round of one peer, with a process of its own. */
  interface Trial {
    /** Returns a value for each metric of the row. */
    double[] of(Peer peer) throws IOException;
  }
}
