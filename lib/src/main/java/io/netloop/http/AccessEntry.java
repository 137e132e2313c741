package io.netloop.http;

import io.netloop.loop.CloseCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a log says of one request. <i>Immutable.</i>
 *
 * @param remoteAddress the client's address, or null for a Unix domain socket
 * @param method the method
 * @param url the target as it came: text of a stranger's, to be escaped where it is shown
 * @param httpVersion {@code 1.1} or {@code 1.0}
 * @param status the status of the response
 * @param bodyBytes how many bytes of the response's body the program has written
 * @param duration from the request's headers to the end of the response, as precise as a turn
 * @param cut why the connection ended before the response was complete, or null
 */
public record AccessEntry(
    @Nullable String remoteAddress,
    String method,
    String url,
    String httpVersion,
    int status,
    long bodyBytes,
    Duration duration,
    @Nullable CloseCause cut) {}
