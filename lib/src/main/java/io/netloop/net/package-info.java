/**
 * TCP. The way of a byte:
 *
 * <pre>
 *   kernel ─▶ Netty's channel ─▶ ChannelEvents ─▶ TcpSocket ─▶ 'data' listener
 *   TcpSocket.write ─▶ Outbox ─(end of turn, one call)─▶ Netty's channel ─▶ kernel
 *
 *   TcpServer ─accepts─▶ TcpSocket ◀─makes─ Connector (look-up, one address after another)
 * </pre>
 */
@NullMarked
package io.netloop.net;

import org.jspecify.annotations.NullMarked;
