package io.netloop.tls;

/** How an ACME authority is shown that a name is ours. */
public enum AcmeChallenge {
  /** By a file at port 80 of the name (RFC 8555 §8.3). */
  HTTP_01("http-01"),
  /** By a certificate at port 443 of the name (RFC 8737). */
  TLS_ALPN_01("tls-alpn-01"),
  /** By a TXT record of the name's zone; the only one for wildcards (RFC 8555 §8.4). */
  DNS_01("dns-01");

  private final String type;

  AcmeChallenge(String type) {
    this.type = type;
  }

  /** The name that the standards use, for example {@code http-01}. */
  public String type() {
    return type;
  }
}
