/**
 * The chat room. The way of a message, from the peer that sends it to the peers that read it:
 *
 * <pre>
 *   TCP adapter                      a piece of bytes, as it came
 *      │  JsonScanner                finds where an object ends
 *      ▼
 *   Member.receive(bytes)            rate limit; MessageReader: bytes → Incoming
 *      │
 *      ▼
 *   Room                             the rules, one event after another
 *      │  Outgoing                   encoded once for all who read the same Style
 *      ▼
 *   every Member → Seat.send         TCP adapter: one JSON text and a line end
 * </pre>
 *
 * <p>A WebSocket's adapter has no scanner: a text frame is an object, in both directions.
 *
 * <p>{@code Room} and what it uses know nothing of sockets, threads or time: who sits in the room
 * is a {@code Seat}, and the clock is handed in. A room and all that belongs to it live on one
 * loop, and so there is no lock.
 *
 * <p>A connection may be on another loop, a worker's. Then a {@code FarMember} stands between its
 * seat and its member and lets each call the other as if it were there; a {@code Courier} carries
 * what they say over to the other loop, and the {@code PostOffice} is the room's end of that way.
 */
@NullMarked
package io.netloop.chat;

import org.jspecify.annotations.NullMarked;
