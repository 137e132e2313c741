/**
 * TLS over TCP. From the system to the socket, and back:
 *
 * <pre>
 *   channel ─▶ RecordIntake ─▶ engine (SslHandler) ─▶ Link ─▶ TcpSocket
 *                   │ ClientHello        ▲
 *                   ▼                    │ Engines: OpenSslEngines, JdkEngines
 *               ServerLink ─▶ Hosts ─▶ ServerContext
 * </pre>
 *
 * Where a server's key and certificates come from:
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
