package io.netloop.tls;

import io.netloop.engine.IpText;
import io.netloop.engine.OwnerFiles;
import io.netloop.loop.NetException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a certificate is obtained from an authority that speaks ACME (RFC 8555). To use it is to
 * agree to the authority's terms of service. <i>Immutable.</i>
 *
 * @param names the host names, the most important first; {@code *.example.org} only with dns-01
 * @param email where the authority may write to, or null
 * @param challenge how the names are proved: tls-alpn-01 by default
 * @param directory the authority: Let's Encrypt by default
 * @param folder where the account's key and the certificates are kept, readable by the user only
 * @param trust a PEM file with the authorities that are trusted to be the ACME server, or null for
 *     those that Java trusts: for authorities inside a company
 * @param dns what adds the records of dns-01, or null
 */
public record AcmeOptions(
    List<String> names,
    @Nullable String email,
    AcmeChallenge challenge,
    URI directory,
    Path folder,
    @Nullable Path trust,
    @Nullable AcmeDnsHook dns) {

  /** Let's Encrypt. */
  public static final URI LETS_ENCRYPT =
      URI.create("https://acme-v02.api.letsencrypt.org/directory");

  /** Let's Encrypt for trying: certificates that nobody trusts, and wider limits. */
  public static final URI LETS_ENCRYPT_STAGING =
      URI.create("https://acme-staging-v02.api.letsencrypt.org/directory");

  /**
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for what is no host name, e-mail address or
   *     URL
   */
  public AcmeOptions {
    names = ServerNames.of(names);
    for (String name : names) {
      if (IpText.parse(name) != null) {
        throw refused("Certificates are obtained for host names, and " + name + " is an address.");
      }
    }
    if (email != null && !email.matches("[^@\\s,?]+@[^@\\s,?]+")) {
      throw refused("'" + email + "' is no e-mail address.");
    }
    if (!"https".equals(directory.getScheme())) {
      throw refused("An ACME directory is an https: URL, and " + directory + " is not.");
    }
  }

  /** What can only be seen when all has been said. */
  void check() {
    if (challenge == AcmeChallenge.DNS_01 && dns == null) {
      throw refused("dns-01 needs a hook that adds the records: see AcmeOptions.withDns.");
    }
    for (String name : names) {
      if (name.startsWith("*.") && challenge != AcmeChallenge.DNS_01) {
        throw refused(
            name + " can only be proved with dns-01, and not with " + challenge.type() + ".");
      }
    }
  }

  private static NetException refused(String sentence) {
    return new NetException("ERR_INVALID_ARG_VALUE", sentence);
  }

  /** For these names, from Let's Encrypt, by tls-alpn-01, kept in the user's folder. */
  public static AcmeOptions of(String... names) {
    return new AcmeOptions(
        List.of(names),
        null,
        AcmeChallenge.TLS_ALPN_01,
        LETS_ENCRYPT,
        OwnerFiles.configFolder().resolve("acme"),
        null,
        null);
  }

  /** With an address that the authority may write to. */
  public AcmeOptions withEmail(@Nullable String email) {
    return new AcmeOptions(names, email, challenge, directory, folder, trust, dns);
  }

  /**
   * Proves the names by http-01 or tls-alpn-01. For http-01 an HTTP server has to answer at port
   * 80: {@code Https.createRedirect} makes one.
   */
  public AcmeOptions withChallenge(AcmeChallenge challenge) {
    return new AcmeOptions(names, email, challenge, directory, folder, trust, dns);
  }

  /** Proves the names by dns-01. */
  public AcmeOptions withDns(AcmeDnsHook dns) {
    return new AcmeOptions(names, email, AcmeChallenge.DNS_01, directory, folder, trust, dns);
  }

  /** Asks another authority. */
  public AcmeOptions withDirectory(URI directory) {
    return new AcmeOptions(names, email, challenge, directory, folder, trust, dns);
  }

  /** Keeps keys and certificates in another folder. */
  public AcmeOptions withFolder(Path folder) {
    return new AcmeOptions(names, email, challenge, directory, folder, trust, dns);
  }

  /** Trusts the authorities of this PEM file to be the ACME server. */
  public AcmeOptions withTrust(@Nullable Path trust) {
    return new AcmeOptions(names, email, challenge, directory, folder, trust, dns);
  }
}
