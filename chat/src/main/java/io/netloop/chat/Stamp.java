package io.netloop.chat;

/**
 * What tells one message from all others. <i>Immutable.</i>
 *
 * @param id grows from message to message, and from one start of the server to the next; JavaScript
 *     can hold it
 * @param time when it was said, in milliseconds of the Unix epoch
 */
record Stamp(long id, long time) {}
