package io.netloop.net;

/**
 * What a drain came to. <i>Immutable.</i>
 *
 * @param ended connections that closed within the time
 * @param cut connections that were destroyed when the time was up
 * @param lostBytes bytes that were queued for those that were cut
 */
public record DrainReport(int ended, int cut, long lostBytes) {}
