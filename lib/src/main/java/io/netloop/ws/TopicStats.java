package io.netloop.ws;

/**
 * What has become of publications. <i>Immutable.</i>
 *
 * @param published how many there were
 * @param delivered how often one was handed to a connection
 * @param dropped how often one was not, or was taken back, because the peer reads too slowly
 * @param closed how many connections were closed for that
 */
public record TopicStats(long published, long delivered, long dropped, long closed) {}
