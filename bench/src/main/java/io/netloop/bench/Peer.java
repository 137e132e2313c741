package io.netloop.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is measured. <i>Immutable.</i>
 *
 * @param name how the tables call it
 * @param command what starts it, up to the port, which comes last
 * @param missing why it cannot be measured here, or null
 */
record Peer(String name, List<String> command, @Nullable String missing) {

  static Peer of(String name, List<String> command) {
    return new Peer(name, command, null);
  }

  static Peer missing(String name, String reason) {
    return new Peer(name, List.of(), reason);
  }

  /** The same with one more argument. */
  Peer with(String argument) {
    List<String> more = new ArrayList<>(command);
    more.add(argument);
    return new Peer(name, more, missing);
  }

  /** The same on other cores than those of one loop. */
  Peer on(List<Integer> cores) {
    List<String> pinned = new ArrayList<>(Cores.pin(cores));
    pinned.addAll(command);
    return new Peer(name, pinned, missing);
  }

  /** The whole command, on the core of servers with one loop if nothing else was said. */
  List<String> commandFor(int port) {
    List<String> whole = new ArrayList<>(Cores.pin(Cores.OF_ONE_LOOP.servers()));
    whole.addAll(command);
    whole.add(Integer.toString(port));
    return whole;
  }
}
