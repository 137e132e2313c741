/**
 * HTTP/1.1. The way of a byte, in and out of a server:
 *
 * <pre>
 *   TcpSocket 'data' ─▶ ServerConnection ─▶ MessageParser ─▶ HttpRequest ─▶ 'request' listener
 *   HttpResponse ─▶ HeadWriter ─▶ ServerConnection ─(once per read or turn)─▶ TcpSocket.write
 * </pre>
 */
@NullMarked
package io.netloop.http;

import org.jspecify.annotations.NullMarked;
