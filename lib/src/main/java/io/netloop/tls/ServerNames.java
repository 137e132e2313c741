package io.netloop.tls;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.net.IDN;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The names that a certificate is asked for, brought into the form that it has them in. */
final class ServerNames {
  /** What public authorities take, too. */
  private static final int MAX_NAMES = 100;

  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private ServerNames() {}

  /**
   * Host names in lower case, in ASCII (RFC 5890), without doubles; IP addresses as they are.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for what is no name
   */
  static List<String> of(List<String> names) {
    if (names.isEmpty() || names.size() > MAX_NAMES) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "A certificate is for 1 to " + MAX_NAMES + " names, not for " + names.size() + ".");
    }
    Set<String> known = new LinkedHashSet<>();
    for (String name : names) {
      known.add(of(name));
    }
    return List.copyOf(known);
  }

  private static String of(String name) {
    if (IpText.parse(name) != null && name.indexOf('%') < 0) {
      return name;
    }
    String rest = name.startsWith("*.") ? name.substring(2) : name;
    String ascii;
    try {
      ascii = IDN.toASCII(rest, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noName) {
      throw refused(name);
    }
    if (ascii.isEmpty() || ascii.length() > MAX_NAME) {
      throw refused(name);
    }
    for (String label : ascii.split("\\.", -1)) {
      if (label.isEmpty() || label.length() > MAX_LABEL) {
        throw refused(name);
      }
    }
    return name.startsWith("*.") ? "*." + ascii : ascii;
  }

  private static NetException refused(String name) {
    return new NetException(
        "ERR_INVALID_ARG_VALUE",
        "A certificate can't be for '"
            + name
            + "': give host names such as chat.example.org, *.example.org or localhost, or IP"
            + " addresses.");
  }
}
