package io.netloop.dgram;

import io.netloop.engine.IpText;
import org.jspecify.annotations.Nullable;

/** Tells unicast, broadcast and multicast addresses from each other. */
final class AddressKinds {
  private AddressKinds() {}

  /** Classes A to C; in IPv6 all that is not multicast. */
  static boolean isUnicast(String address) {
    byte[] bytes = IpText.parse(address);
    return bytes != null && (bytes.length == 4 ? first(bytes) < 224 : first(bytes) != 0xff);
  }

  static boolean isLimitedBroadcast(String address) {
    byte[] bytes = IpText.parse(address);
    return bytes != null && bytes.length == 4 && number(bytes) == -1;
  }

  /** Networks of 31 and 32 bits have no broadcast address (RFC 3021). */
  static boolean isBroadcast(String address, String netmask) {
    byte[] bytes = IpText.parse(address);
    byte[] mask = IpText.parse(netmask);
    if (bytes == null || mask == null || bytes.length != 4 || mask.length != 4) {
      return false;
    }
    int hostPart = ~number(mask);
    boolean isMask = (hostPart & (hostPart + 1)) == 0;
    boolean hasBroadcast = hostPart < 0 || hostPart > 1;
    boolean directed =
        isMask && hasBroadcast && first(bytes) < 224 && (number(bytes) & hostPart) == hostPart;
    return directed || number(bytes) == -1;
  }

  static @Nullable MulticastScope scope(String address) {
    byte[] bytes = IpText.parse(address);
    if (bytes == null) {
      return null;
    }
    return bytes.length == 4 ? scopeOfIpv4(bytes) : scopeOfIpv6(bytes);
  }

  private static @Nullable MulticastScope scopeOfIpv4(byte[] bytes) {
    int first = first(bytes);
    if (first < 224 || first > 239) {
      return null;
    }
    if (first == 239) {
      return MulticastScope.LOCAL;
    }
    return switch (number(bytes) >>> 8) {
      case 0xe00000 -> MulticastScope.PERMANENT;
      case 0xe00001 -> MulticastScope.PUBLIC;
      default -> MulticastScope.USER;
    };
  }

  private static @Nullable MulticastScope scopeOfIpv6(byte[] bytes) {
    if (first(bytes) != 0xff) {
      return null;
    }
    return switch (bytes[1] & 0xf) {
      case 1 -> MulticastScope.INTERFACE;
      case 2 -> MulticastScope.LINK;
      case 5 -> MulticastScope.SITE;
      case 8 -> MulticastScope.ORGANISATION;
      case 14 -> MulticastScope.GLOBAL;
      default -> MulticastScope.OTHER;
    };
  }

  private static int first(byte[] bytes) {
    return bytes[0] & 0xff;
  }

  private static int number(byte[] bytes) {
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | (bytes[3] & 0xff);
  }
}
