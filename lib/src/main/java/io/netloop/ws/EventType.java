package io.netloop.ws;

/**
 * The name of an event, with the type of what is told: {@link WebSocket#MESSAGE} and the others.
 * <i>Immutable.</i>
 *
 * @param <E> what listeners are given
 * @param name as in the browser
 */
public record EventType<E extends Event>(String name, Class<E> event) {}
