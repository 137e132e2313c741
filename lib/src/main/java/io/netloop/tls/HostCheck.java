package io.netloop.tls;

import io.netloop.engine.IpText;
import io.netloop.loop.NetException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whether a certificate is for the host that was meant (RFC 9525), with Node's words.
 *
 * @see <a href="https://nodejs.org/api/tls.html#tlscheckserveridentityhostname-cert">Node:
 *     tls.checkServerIdentity</a>
 */
final class HostCheck {
  private static final int DNS = 2;
  private static final int IP = 7;

  private HostCheck() {}

  /** What is wrong, or null. */
  static @Nullable NetException check(String host, X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    for (List<?> entry : CertificateNames.alternatives(certificate)) {
      if (entry.get(1) instanceof String text) {
        if (entry.get(0).equals(DNS)) {
          names.add(text);
          shown.add("DNS:" + text);
        } else if (entry.get(0).equals(IP)) {
          addresses.add(text);
          shown.add("IP Address:" + text);
        }
      }
    }
    byte[] address = IpText.parse(host);
    if (address != null) {
      return hasAddress(address, addresses)
          ? null
          : wrong("IP: " + host + " is not in the cert's list: " + String.join(", ", addresses));
    }
    String name = withoutDot(host.toLowerCase(Locale.ROOT));
    if (!names.isEmpty() || !addresses.isEmpty()) {
      return names.stream().anyMatch(pattern -> fits(name, pattern))
          ? null
          : wrong("Host: " + name + ". is not in the cert's altnames: " + String.join(", ", shown));
    }
    String common = commonName(certificate);
    if (common == null) {
      return wrong("Cert does not contain a DNS name");
    }
    return fits(name, common) ? null : wrong("Host: " + name + ". is not cert's CN: " + common);
  }

  private static NetException wrong(String reason) {
    return new NetException(
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "Hostname/IP does not match certificate's altnames: " + reason);
  }

  private static boolean hasAddress(byte[] address, List<String> listed) {
    for (String text : listed) {
      byte[] other = IpText.parse(text);
      if (other != null && Arrays.equals(address, other)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a pattern of a certificate, or of a table of names, is for this name: a star stands for
   * the first label and nothing else, and there are at least two labels behind it.
   *
   * @param name in small letters, without a dot at its end
   */
  static boolean fits(String name, String pattern) {
    String wanted = withoutDot(pattern.toLowerCase(Locale.ROOT));
    if (!wanted.startsWith("*.")) {
      return !wanted.contains("*") && wanted.equals(name);
    }
    int dot = name.indexOf('.');
    String rest = wanted.substring(1);
    return dot > 0 && rest.indexOf('.', 1) > 0 && rest.equals(name.substring(dot));
  }

  static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static @Nullable String commonName(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length == 0
        ? null
        : IETFUtils.valueToString(names[names.length - 1].getFirst().getValue());
  }
}
