package io.netloop.net;

/**
 * A listening descriptor that systemd handed to this process, for {@link ListenOptions#fd}.
 * <i>Immutable.</i>
 *
 * @param fd the descriptor
 * @param name the name that the unit gives it; {@code unknown} where it gives none
 */
public record Inherited(int fd, String name) {}
