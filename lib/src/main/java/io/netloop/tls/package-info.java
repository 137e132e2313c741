/**
 * TLS. Where a server's key and certificates come from:
 *
 * <pre>
 *   files ─▶ PemText ─▶ KeyReader, ChainReader ─▶ KeyAndChain ─┐
 *   FileWatch ─tells of changes─▶ CertificateFiles ◀───────────┘
 *   LocalAuthority ─signs─▶ LocalCertificates
 *   AcmeService (an artifact of its own) ─▶ its source
 *
 *   each is a CertificateSource, which is asked at every new connection
 * </pre>
 */
@NullMarked
package io.netloop.tls;

import org.jspecify.annotations.NullMarked;
