/**
 * HTTP/1.1 and HTTP/2. The way of a byte, in and out of a server:
 *
 * <pre>
 *   TcpSocket 'data' ─▶ ServerConnection ─▶ MessageParser ─▶ HttpRequest ─▶ 'request' listener
 *   HttpResponse ─▶ SocketWire ─(once per read or turn)─▶ TcpSocket.write
 * </pre>
 *
 * <p>Over HTTP/2, agreed on in the TLS handshake or known before:
 *
 * <pre>
 *   TcpSocket 'data' ─▶ Http2ServerConnection ─▶ Http2FrameReader ─▶ Http2ServerStream ─▶ HttpRequest
 *   HttpResponse ─▶ Http2ServerStream (windows) ─▶ SocketWire ─(once per read or turn)─▶ TcpSocket.write
 * </pre>
 *
 * <p>And of a client:
 *
 * <pre>
 *   Http.request ─▶ ClientRequest ─▶ Agent ─▶ AgentPool (one per loop) ─▶ ClientConnection
 *                         │                                                  │
 *                         └▶ Backlog (while it has no connection) ─▶ SocketWire ─▶ TcpSocket.write
 *
 *   TcpSocket 'data' ─▶ ClientConnection ─▶ MessageParser ─▶ ClientResponse ─▶ 'response' listener
 *                              │
 *                              └▶ read to its end: back to the AgentPool, for the next request
 *
 *   Http.fetch ─▶ Fetch (redirections) ─▶ ClientRequest … BodyCollector ─▶ ContentCoding ─▶ FetchResponse
 * </pre>
 */
@NullMarked
package io.netloop.http;

import org.jspecify.annotations.NullMarked;
