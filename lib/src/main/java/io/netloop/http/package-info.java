/**
 * HTTP/1.1. The way of a byte, in and out of a server:
 *
 * <pre>
 *   TcpSocket 'data' ─▶ ServerConnection ─▶ MessageParser ─▶ HttpRequest ─▶ 'request' listener
 *   HttpResponse ─▶ HeadWriter ─▶ ServerConnection ─(once per read or turn)─▶ TcpSocket.write
 * </pre>
 *
 * <p>And of a client:
 *
 * <pre>
 *   Http.request ─▶ ClientRequest ─▶ Agent ─▶ AgentPool (one per loop) ─▶ ClientConnection
 *                         │                                                  │
 *                         └▶ Backlog (while it has no connection) ─▶ HeadWriter ─▶ TcpSocket.write
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
