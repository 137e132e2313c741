package io.netloop.dgram;

/** How far a multicast group reaches. */
public enum MulticastScope {
  /** 224.0.0.0 to 224.0.0.255: of routing protocols and the like, never forwarded (RFC 5771 §4). */
  PERMANENT,
  /** 224.0.1.0 to 224.0.1.255: assigned groups, across the Internet (RFC 5771 §5). */
  PUBLIC,
  /** 224.0.2.0 to 238.255.255.255: temporary groups, everywhere. */
  USER,
  /** 239.0.0.0 to 239.255.255.255: inside an organisation or a part of it (RFC 2365). */
  LOCAL,
  /** IPv6, scope 1: on the host itself (RFC 4291 §2.7, as the others). */
  INTERFACE,
  /** IPv6, scope 2: on one link. */
  LINK,
  /** IPv6, scope 5: on one site. */
  SITE,
  /** IPv6, scope 8: in one organisation. */
  ORGANISATION,
  /** IPv6, scope e: everywhere. */
  GLOBAL,
  /** IPv6, a scope that has none of these names. */
  OTHER
}
