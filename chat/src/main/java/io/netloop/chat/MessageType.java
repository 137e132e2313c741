package io.netloop.chat;

import org.jspecify.annotations.Nullable;

/** The four types of message. <i>Immutable.</i> */
enum MessageType {
  LOGIN,
  BROADCAST,
  P2P,
  LOG;

  /** The type of that text ({@code login}), in this exact case, or null. */
  static @Nullable MessageType ofText(String text) {
    return switch (text) {
      case "login" -> LOGIN;
      case "broadcast" -> BROADCAST;
      case "p2p" -> P2P;
      case "log" -> LOG;
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

  /** The value of the field {@code type} as JSON. */
  String json(TypeKind kind) {
    if (kind == TypeKind.NUMBER) {
      return Integer.toString(number());
    }
    return switch (this) {
      case LOGIN -> "\"login\"";
      case BROADCAST -> "\"broadcast\"";
      case P2P -> "\"p2p\"";
      case LOG -> "\"log\"";
    };
  }

  private int number() {
    return switch (this) {
      case LOGIN -> 0;
      case BROADCAST -> 1;
      case P2P -> 2;
      case LOG -> 3;
    };
  }
}
