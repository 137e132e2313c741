package io.netloop.net;

import org.jspecify.annotations.Nullable;

/**
 * A connection that was accepted and closed at once. <i>Immutable.</i>
 *
 * @param local our side's address, or null for a Unix domain socket
 * @param remote the peer's address, or null for a Unix domain socket
 * @param refusal the limit of the server's {@link Admission} that it was over; null for {@code
 *     maxConnections}
 */
public record Drop(
    @Nullable HostPort local, @Nullable HostPort remote, Admission.@Nullable Refusal refusal) {}
