package io.netloop.dgram;

/**
 * A datagram that was not sent, because too much was queued before it. <i>Immutable.</i>
 *
 * @param host where it was to go: an address, or a name that had still to be looked up
 * @param port where it was to go
 * @param size its length in bytes
 * @param total how many this socket has dropped so far, this one included
 */
public record SendDrop(String host, int port, int size, long total) {}
