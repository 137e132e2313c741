/**
 * UDP. The way of a datagram:
 *
 * <pre>
 *   kernel ─▶ Netty's channel ─▶ DatagramEvents ─▶ UdpSocket ─▶ 'message' listener
 *   UdpSocket.send ─▶ SendQueue ─(end of turn, one call)─▶ Netty's channel ─▶ kernel
 *
 *   Names (look-ups) ─▶ SendQueue        Peers: the addresses of those who talk, made once
 * </pre>
 */
@NullMarked
package io.netloop.dgram;

import org.jspecify.annotations.NullMarked;
