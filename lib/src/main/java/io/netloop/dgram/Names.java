package io.netloop.dgram;

import io.netloop.engine.IpText;
import io.netloop.loop.Loop;
import io.netloop.net.ConnectOptions;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up for a socket's family. All that ask for a name while it is being looked up are
 * told together, in the order in which they asked. Loop-confined.
 */
final class Names {
  private final boolean ipv6;
  private final ConnectOptions.@Nullable NameLookup lookup;
  private final Map<String, List<Consumer<@Nullable InetAddress>>> asking = new HashMap<>();

  Names(boolean ipv6, ConnectOptions.@Nullable NameLookup lookup) {
    this.ipv6 = ipv6;
    this.lookup = lookup;
  }

  /** Tells the first address of the name, later than this call; null where there is none. */
  void resolve(String name, Consumer<@Nullable InetAddress> then) {
    List<Consumer<@Nullable InetAddress>> others = asking.get(name);
    if (others != null) {
      others.add(then);
      return;
    }
    List<Consumer<@Nullable InetAddress>> first = new ArrayList<>(1);
    first.add(then);
    asking.put(name, first);
    Loop.offload(() -> ofFamily(name))
        .onResult(address -> tell(name, address))
        .onError(unknown -> tell(name, null));
  }

  /** Tells all that ask that there is no answer. */
  void giveUp() {
    List.copyOf(asking.keySet()).forEach(name -> tell(name, null));
  }

  private void tell(String name, @Nullable InetAddress address) {
    List<Consumer<@Nullable InetAddress>> told = asking.remove(name);
    if (told != null) {
      told.forEach(then -> then.accept(address));
    }
  }

  private InetAddress ofFamily(String name) throws Exception {
    for (InetAddress address : all(name)) {
      if (address instanceof Inet4Address != ipv6) {
        return address;
      }
    }
    throw new UnknownHostException(name);
  }

  private List<InetAddress> all(String name) throws Exception {
    if (lookup == null) {
      return List.of(InetAddress.getAllByName(name));
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : lookup.lookup(name)) {
      byte[] bytes = IpText.parse(text);
      if (bytes != null) {
        addresses.add(InetAddress.getByAddress(bytes));
      }
    }
    return addresses;
  }
}
