/**
 * WebSocket. The way of a byte, in and out of a server:
 *
 * <pre>
 *   TcpSocket 'data' ─▶ Endpoint, its Incoming ─▶ FrameReader ─▶ MessageReader (─▶ Deflate) ─▶ WebSocketConnection ─▶ 'message' listener
 *   WebSocketConnection.send ─▶ the Endpoint's Outgoing (─▶ Deflate; big ones ─▶ Compression, on other threads) ─▶ FrameWriter ─(once per read or turn)─▶ TcpSocket.write
 *
 *   publish ─▶ Topics ─▶ TopicHub, one per loop ─▶ WebSocketConnections: one frame for all
 * </pre>
 */
@NullMarked
package io.netloop.ws;

import org.jspecify.annotations.NullMarked;
