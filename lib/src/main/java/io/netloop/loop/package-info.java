/**
 * The event loop, timers, bytes and streams: what every protocol is made of.
 *
 * <pre>
 *                      one turn of a Loop
 *   kernel ──events──▶ listeners ──▶ ticks      (after each listener)
 *   timers, other threads ──tasks──▶ listeners ──▶ ticks
 *                      immediates ──▶ ticks
 *                      Outbox ──one write per socket──▶ kernel
 * </pre>
 */
@NullMarked
package io.netloop.loop;

import org.jspecify.annotations.NullMarked;
