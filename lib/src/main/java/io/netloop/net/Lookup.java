package io.netloop.net;

import io.netloop.loop.NetException;
import org.jspecify.annotations.Nullable;

/**
 * What a name was resolved to: one of these for each address. <i>Immutable.</i>
 *
 * @param error why there is no address, or null
 * @param address the address as text, or null
 * @param family {@code IPv4} or {@code IPv6}, or null
 * @param host the name
 */
public record Lookup(
    @Nullable NetException error, @Nullable String address, @Nullable String family, String host) {}
