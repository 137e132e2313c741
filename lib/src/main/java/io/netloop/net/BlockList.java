package io.netloop.net;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Addresses, ranges and subnets that are not to be talked to. A family is {@code ipv4} (the
 * default) or {@code ipv6}, in any letter case. A rule for IPv4 also holds for the same address in
 * its IPv6 form, {@code ::ffff:1.2.3.4}. <i>Thread-safe.</i>
 *
 * @see <a href="https://nodejs.org/api/net.html#class-netblocklist">Node: net.BlockList</a>
 */
public final class BlockList {
  /** Loopback, private and link-local networks of both families, for {@link #addCidrs}. */
  public static final List<String> PRIVATE_RANGES =
      List.of(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "127.0.0.0/8",
          "::1/128",
          "169.254.0.0/16",
          "fe80::/10",
          "fc00::/7");

  /** The kinds in the order in which {@link #rules} shows them. */
  private enum Kind {
    ADDRESS,
    SUBNET,
    RANGE
  }

  /** From one address to another, as 128-bit numbers: an IPv4 address stands in its IPv6 form. */
  private record Rule(Kind kind, String text, Address from, Address to) {
    boolean holds(Address address) {
      return from.compareTo(address) <= 0 && address.compareTo(to) <= 0;
    }
  }

  private record Address(long high, long low) implements Comparable<Address> {
    private static final long MAPPED = 0xffff_0000_0000L;

    static Address of(byte[] bytes) {
      if (bytes.length == 4) {
        return new Address(0, MAPPED | number(bytes, 0, 4));
      }
      return new Address(number(bytes, 0, 8), number(bytes, 8, 8));
    }

    private static long number(byte[] bytes, int from, int length) {
      long number = 0;
      for (int i = from; i < from + length; i++) {
        number = number << 8 | (bytes[i] & 0xff);
      }
      return number;
    }

    /** The first address of the network with this many fixed bits. */
    Address first(int bits) {
      return new Address(high & mask(bits), low & mask(bits - 64));
    }

    Address last(int bits) {
      return new Address(high | ~mask(bits), low | ~mask(bits - 64));
    }

    private static long mask(int bits) {
      return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
    }

    @Override
    public int compareTo(Address other) {
      int byHigh = Long.compareUnsigned(high, other.high);
      return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }
  }

  /** Never changed, only replaced; newest first. */
  private volatile List<Rule> rules = List.of();

  /** A list of no rules. */
  public BlockList() {}

  /** Blocks one IPv4 address. */
  public BlockList addAddress(String address) {
    return addAddress(address, "ipv4");
  }

  /**
   * Blocks one address.
   *
   * @throws NetException {@code ERR_INVALID_ADDRESS}, or {@code ERR_INVALID_ARG_VALUE} for the
   *     family
   */
  public BlockList addAddress(String address, String family) {
    return add(address(address, family));
  }

  /** Blocks one address. */
  public BlockList addAddress(SocketAddress address) {
    return addAddress(address.address(), address.family());
  }

  /** Blocks each of these addresses, whose texts tell their families. */
  public BlockList addAddresses(List<String> addresses) {
    addresses.forEach(address -> addAddress(address, familyOf(address)));
    return this;
  }

  /** Blocks IPv4 addresses from the first to the last, both included. */
  public BlockList addRange(String start, String end) {
    return addRange(start, end, "ipv4");
  }

  /**
   * Blocks addresses from the first to the last, both included.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} where the start comes after the end
   */
  public BlockList addRange(String start, String end, String family) {
    return add(range(start, end, family));
  }

  /** Blocks a network of IPv4. */
  public BlockList addSubnet(String network, int prefix) {
    return addSubnet(network, prefix, "ipv4");
  }

  /**
   * Blocks a network.
   *
   * @param prefix how many bits are fixed: 0 to 32, or to 128 for IPv6
   * @throws NetException {@code ERR_OUT_OF_RANGE} for another prefix
   */
  public BlockList addSubnet(String network, int prefix, String family) {
    return add(subnet(network, prefix, family));
  }

  /**
   * Blocks a network written as {@code 10.0.0.0/8}.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} where there is no prefix
   */
  public BlockList addCidr(String cidr) {
    return add(cidr(cidr));
  }

  /** Blocks each of these networks. */
  public BlockList addCidrs(List<String> cidrs) {
    cidrs.forEach(this::addCidr);
    return this;
  }

  /** Takes back {@link #addAddress(String, String)}. Returns whether there was such a rule. */
  public boolean removeAddress(String address, String family) {
    return remove(address(address, family));
  }

  /**
   * Takes back {@link #addRange(String, String, String)}. Returns whether there was such a rule.
   */
  public boolean removeRange(String start, String end, String family) {
    return remove(range(start, end, family));
  }

  /** Takes back {@link #addSubnet(String, int, String)}. Returns whether there was such a rule. */
  public boolean removeSubnet(String network, int prefix, String family) {
    return remove(subnet(network, prefix, family));
  }

  /** Takes back {@link #addCidr}. Returns whether there was such a rule. */
  public boolean removeCidr(String cidr) {
    return remove(cidr(cidr));
  }

  /** Takes all rules out. */
  public synchronized BlockList clear() {
    rules = List.of();
    return this;
  }

  /** How many rules there are. */
  public int size() {
    return rules.size();
  }

  /** Whether a rule holds for this IPv4 address. */
  public boolean check(String address) {
    return check(address, "ipv4");
  }

  /** Whether a rule holds for this address; false for a text that is no address of the family. */
  public boolean check(String address, String family) {
    String known = SocketAddress.checkFamily(family);
    byte[] bytes = IpText.parse(address);
    return bytes != null && bytes.length == (known.equals("ipv4") ? 4 : 16) && check(bytes);
  }

  /** Whether a rule holds for this address. */
  public boolean check(SocketAddress address) {
    return check(address.address(), address.family());
  }

  /** Whether a rule holds for an address given by its 4 or 16 bytes. */
  public boolean check(byte[] bytes) {
    if (bytes.length != 4 && bytes.length != 16) {
      return false;
    }
    Address address = Address.of(bytes);
    for (Rule rule : rules) {
      if (rule.holds(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The rules as texts: addresses, then subnets, then ranges, the newest of each first. For example
   * {@code Address: IPv4 1.2.3.4}, {@code Subnet: IPv4 192.168.0.0/16}, {@code Range: IPv4
   * 10.0.0.1-10.0.0.9}.
   */
  public List<String> rules() {
    List<String> texts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      rules.stream().filter(rule -> rule.kind == kind).map(Rule::text).forEach(texts::add);
    }
    return texts;
  }

  /** The same as {@link #rules}: what {@link #fromJson} takes. */
  public List<String> toJson() {
    return rules();
  }

  /**
   * Adds rules that {@link #toJson} gave.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for a text that is no rule; none is added
   *     then
   */
  public BlockList fromJson(List<String> texts) {
    List<Rule> read = texts.stream().map(BlockList::read).toList();
    // They came newest first.
    read.reversed().forEach(this::add);
    return this;
  }

  private synchronized BlockList add(Rule rule) {
    List<Rule> more = new ArrayList<>(rules.size() + 1);
    more.add(rule);
    more.addAll(rules);
    rules = List.copyOf(more);
    return this;
  }

  private synchronized boolean remove(Rule rule) {
    List<Rule> fewer = new ArrayList<>(rules);
    boolean removed = fewer.remove(rule);
    rules = List.copyOf(fewer);
    return removed;
  }

  private static Rule address(String address, String family) {
    String known = SocketAddress.checkFamily(family);
    byte[] bytes = SocketAddress.parse(address, known);
    Address at = Address.of(bytes);
    return new Rule(Kind.ADDRESS, "Address: " + shown(known) + IpText.format(bytes), at, at);
  }

  private static Rule range(String start, String end, String family) {
    String known = SocketAddress.checkFamily(family);
    byte[] first = SocketAddress.parse(start, known);
    byte[] last = SocketAddress.parse(end, known);
    Address from = Address.of(first);
    Address to = Address.of(last);
    if (from.compareTo(to) > 0) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The argument 'start' must come before end. Received " + start + " and " + end);
    }
    String text = "Range: " + shown(known) + IpText.format(first) + "-" + IpText.format(last);
    return new Rule(Kind.RANGE, text, from, to);
  }

  private static Rule subnet(String network, int prefix, String family) {
    String known = SocketAddress.checkFamily(family);
    byte[] bytes = SocketAddress.parse(network, known);
    int most = bytes.length * 8;
    if (prefix < 0 || prefix > most) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"prefix\" is out of range. It must be >= 0 && <= %d. Received %d"
              .formatted(most, prefix));
    }
    Address address = Address.of(bytes);
    int bits = prefix + 128 - most;
    String text = "Subnet: " + shown(known) + IpText.format(bytes) + "/" + prefix;
    return new Rule(Kind.SUBNET, text, address.first(bits), address.last(bits));
  }

  private static Rule cidr(String cidr) {
    int slash = cidr.indexOf('/');
    Integer prefix = slash < 0 ? null : number(cidr.substring(slash + 1));
    if (prefix == null) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE",
          "The argument 'cidr' must be an address with a prefix, such as 10.0.0.0/8. Received '"
              + cidr
              + "'");
    }
    String network = cidr.substring(0, slash);
    return subnet(network, prefix, familyOf(network));
  }

  private static Rule read(String text) {
    String[] words = text.split(" ", -1);
    if (words.length == 3
        && Predicate.<String>isEqual("IPv4").or(Predicate.isEqual("IPv6")).test(words[1])) {
      String what = words[2];
      int dash = what.indexOf('-');
      switch (words[0]) {
        case "Address:" -> {
          return address(what, words[1]);
        }
        case "Subnet:" -> {
          return cidr(what);
        }
        case "Range:" -> {
          if (dash > 0) {
            return range(what.substring(0, dash), what.substring(dash + 1), words[1]);
          }
        }
        default -> {}
      }
    }
    throw new NetException(
        "ERR_INVALID_ARG_VALUE",
        "A rule reads like 'Address: IPv4 1.2.3.4', 'Subnet: …' or 'Range: …'. Received '"
            + text
            + "'");
  }

  private static @Nullable Integer number(String digits) {
    boolean isNumber =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.valueOf(digits) : null;
  }

  private static String familyOf(String address) {
    return address.indexOf(':') >= 0 ? "ipv6" : "ipv4";
  }

  private static String shown(String family) {
    return family.equals("ipv4") ? "IPv4 " : "IPv6 ";
  }
}
