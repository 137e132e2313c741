package io.netloop.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The descriptors of systemd's socket activation: they begin at 3, and LISTEN_PID says for whom
 * they are (sd_listen_fds(3)).
 */
final class SystemdSockets {
  private static final int FIRST = 3;
  private static final int MOST = 1024;

  private SystemdSockets() {}

  /** What the variables say; nothing where they are for another process, or make no sense. */
  static List<Inherited> read(Map<String, String> environment, long pid) {
    int count = number(environment.getOrDefault("LISTEN_FDS", ""));
    if (count < 1 || count > MOST || !String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
      return List.of();
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    List<Inherited> inherited = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean named = i < names.length && !names[i].isEmpty();
      inherited.add(new Inherited(FIRST + i, named ? names[i] : "unknown"));
    }
    return List.copyOf(inherited);
  }

  private static int number(String text) {
    boolean digits =
        !text.isEmpty() && text.length() < 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Integer.parseInt(text) : 0;
  }
}
