package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;

/**
 * What was wrong with what a client sent. <i>Immutable.</i>
 *
 * @param error its code is Node's, for example {@code HPE_INVALID_METHOD}, {@code
 *     HPE_HEADER_OVERFLOW} or {@code ERR_HTTP_REQUEST_TIMEOUT}; its text says what was found
 * @param status the status that answers it where nobody listens: 400, 408, 413, 431, 501 or 505
 * @param rawPacket the piece that was being read when it was found, perhaps empty
 */
public record ClientError(NetException error, int status, Buffer rawPacket) {}
