package io.netloop.chat;

import org.jspecify.annotations.Nullable;

/**
 * The types of message: the four of the course's protocol, and those that only clients get which
 * have asked for more. <i>Immutable.</i>
 */
enum MessageType {
  LOGIN,
  BROADCAST,
  P2P,
  LOG,
  USERS,
  PING,
  PONG,
  ACK;

  /** The type of that text ({@code login}), in this exact case, or null. */
  static @Nullable MessageType ofText(String text) {
    return switch (text) {
      case "login" -> LOGIN;
      case "broadcast" -> BROADCAST;
      case "p2p" -> P2P;
      case "log" -> LOG;
      case "users" -> USERS;
      case "ping" -> PING;
      case "pong" -> PONG;
      case "ack" -> ACK;
      default -> null;
    };
  }

  /** The type of that number as it is written ({@code 0}), or null. */
  static @Nullable MessageType ofNumber(String digits) {
    return switch (digits) {
      case "0" -> LOGIN;
      case "1" -> BROADCAST;
      case "2" -> P2P;
      case "3" -> LOG;
      default -> null;
    };
  }

  /** The value of the field {@code type} as JSON: types beyond the four have no number. */
  String json(TypeKind kind) {
    if (kind == TypeKind.NUMBER && compareTo(LOG) <= 0) {
      return Integer.toString(number());
    }
    return switch (this) {
      case LOGIN -> "\"login\"";
      case BROADCAST -> "\"broadcast\"";
      case P2P -> "\"p2p\"";
      case LOG -> "\"log\"";
      case USERS -> "\"users\"";
      case PING -> "\"ping\"";
      case PONG -> "\"pong\"";
      case ACK -> "\"ack\"";
    };
  }

  private int number() {
    return switch (this) {
      case LOGIN -> 0;
      case BROADCAST -> 1;
      case P2P -> 2;
      case LOG -> 3;
      case USERS, PING, PONG, ACK -> throw new IllegalStateException(this + " has no number");
    };
  }
}
