package io.netloop.http;

import java.util.Map;

/**
 * What a server has done since it was made. <i>Immutable.</i>
 *
 * @param connections how many connections there are now
 * @param accepted how many there have been
 * @param requests how many requests were handed to the program
 * @param bytesRead bytes of connections that have closed
 * @param bytesWritten bytes for connections that have closed
 * @param errors how often what was wrong, by its code: {@code HPE_INVALID_METHOD}, {@code
 *     ERR_HTTP_REQUEST_TIMEOUT}, {@code LISTENER_FAILED} …
 */
public record HttpStats(
    int connections,
    long accepted,
    long requests,
    long bytesRead,
    long bytesWritten,
    Map<String, Long> errors) {}
