package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.IpText;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which network interface is meant by a text.
 *
 * @param ipv4 on a socket of IPv4: an address of the interface; zeros for the system's choice
 * @param index on a socket of IPv6: its number; 0 for the system's choice
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never shown
record Interfaces(byte[] ipv4, int index) {
  private static final byte[] ANY = new byte[4];

  /** For sending: {@code 10.0.0.1}, or {@code ::%eth0}. */
  static Interfaces outgoing(String text, boolean ipv6) throws IOException {
    if (!ipv6 && IpText.version(text) == 6) {
      throw refused(Errno.ENOPROTOOPT);
    }
    return ipv6 ? new Interfaces(ANY, zone(text)) : ofAddress(text);
  }

  /** For receiving: as for sending, and {@code eth0} or {@code 2} for IPv6. */
  static Interfaces incoming(@Nullable String text, boolean ipv6) throws IOException {
    if (text == null || text.isEmpty()) {
      return new Interfaces(ANY, 0);
    }
    if (!ipv6) {
      return ofAddress(text);
    }
    boolean hasZone = text.indexOf(':') >= 0;
    return new Interfaces(ANY, hasZone ? zone(text) : index(text));
  }

  private static Interfaces ofAddress(String text) throws IOException {
    byte[] bytes = IpText.parse(text);
    if (bytes == null || bytes.length != 4) {
      throw refused(Errno.EINVAL);
    }
    return new Interfaces(bytes, 0);
  }

  /** The number behind {@code %}; 0 for {@code ::} alone. */
  private static int zone(String text) throws IOException {
    if (IpText.version(text) != 6) {
      throw refused(Errno.EINVAL);
    }
    int percent = text.indexOf('%');
    return percent < 0 ? 0 : index(text.substring(percent + 1));
  }

  private static int index(String nameOrNumber) throws IOException {
    int index = DatagramHandle.indexOf(nameOrNumber);
    if (index < 0) {
      throw refused(Errno.EINVAL);
    }
    return index;
  }

  /** An address of the socket's family. */
  static InetAddress ip(String text, boolean ipv6) throws IOException {
    byte[] bytes = IpText.parse(text);
    if (bytes == null) {
      throw refused(Errno.EINVAL);
    }
    if (bytes.length != (ipv6 ? 16 : 4)) {
      throw refused(ipv6 ? Errno.EINVAL : Errno.ENOPROTOOPT);
    }
    return InetAddress.getByAddress(bytes);
  }

  private static IOException refused(Errno why) {
    return new IOException(why.words());
  }
}
