package io.netloop.cli;

import static io.netloop.cli.Usage.option;

import io.netloop.chat.Discovery;
import io.netloop.net.Net;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The options that say where rooms and those who look for them meet: chat and join have them. */
final class DiscoveryOptions {
  private static final String PORT = "--discovery-port";
  private static final String VIA = "--discovery-via";

  private DiscoveryOptions() {}

  static CommandSpec add(CommandSpec command) {
    return command
        .addOption(
            option(
                PORT,
                "PORT",
                "" + Discovery.defaults().port(),
                "The UDP port on which rooms are announced and looked for, 1 to 65535"
                    + " (${DEFAULT-VALUE}): the same for all who want to meet."))
        .addOption(
            option(
                VIA,
                "ADDRESS",
                null,
                "The IPv4 address of this machine through which that happens; without it the"
                    + " routing table chooses. With 127.0.0.1 nothing of it leaves this machine."));
  }

  static Discovery of(Values values) {
    Discovery discovery = Discovery.defaults().withPort(values.number(PORT, 1, 65_535));
    String via = values.text(VIA);
    if (via == null) {
      return discovery;
    }
    if (!Net.isIPv4(via) || !isOurs(via)) {
      throw values.wrong(
          "%s must be an IPv4 address of this machine, not '%s'".formatted(VIA, via));
    }
    return discovery.withVia(via);
  }

  private static boolean isOurs(String ipv4) {
    // The whole of 127.0.0.0/8 is; no interface lists it.
    return ipv4.startsWith("127.") || interfaceOf(ipv4) != null;
  }

  private static @Nullable NetworkInterface interfaceOf(String ipv4) {
    try {
      return NetworkInterface.getByInetAddress(InetAddress.getByName(ipv4));
    } catch (SocketException | UnknownHostException unknown) {
      return null;
    }
  }
}
