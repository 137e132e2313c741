package io.netloop.ws;

import io.netloop.loop.PassThrough;

/**
 * A message that comes in pieces: for messages that are too long to be gathered. While nobody takes
 * the pieces, the peer is held back, and a compressed message is inflated no further than the
 * body's high-water mark, 64 KiB. <i>Immutable.</i>
 *
 * @param body the message's bytes; those of a text are valid UTF-8, but a piece may end inside a
 *     character. Destroyed where the connection ends first
 * @param isBinary whether it is bytes and not text
 */
public record MessageStream(PassThrough body, boolean isBinary) {}
