package io.netloop.http;

/**
 * An answer before the answer, with a status from 100 to 199 (RFC 9110 §15.2). <i>Immutable.</i>
 *
 * @param statusCode 100 to 199, but never 101
 * @param statusMessage what the server says with it, perhaps nothing
 * @param httpVersion {@code "1.1"} or {@code "1.0"}
 * @param headers its headers, for example {@code link} with 103
 */
public record Information(
    int statusCode, String statusMessage, String httpVersion, Headers headers) {}
