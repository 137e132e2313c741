package io.netloop.chat;

/**
 * In which form a connection reads its messages: the kind of type it writes itself, and whether it
 * asked for the presence fields. All who read the same style share the same bytes.
 */
enum Style {
  TEXT(TypeKind.TEXT, false),
  NUMBER(TypeKind.NUMBER, false),
  TEXT_PRESENCE(TypeKind.TEXT, true),
  NUMBER_PRESENCE(TypeKind.NUMBER, true);

  /** How many styles there are. */
  static final int COUNT = 4;

  private final TypeKind kind;
  private final boolean presence;

  Style(TypeKind kind, boolean presence) {
    this.kind = kind;
    this.presence = presence;
  }

  static Style of(TypeKind kind, boolean presence) {
    return switch (kind) {
      case TEXT -> presence ? TEXT_PRESENCE : TEXT;
      case NUMBER -> presence ? NUMBER_PRESENCE : NUMBER;
    };
  }

  /** How the field {@code type} is written. */
  TypeKind kind() {
    return kind;
  }

  /** Whether the login answer lists the users, and notices say who came or left in fields. */
  boolean presence() {
    return presence;
  }

  /** A number for each style, from 0 up to {@link #COUNT}, for tables. */
  int index() {
    return (kind == TypeKind.NUMBER ? 1 : 0) + (presence ? 2 : 0);
  }

  /** The style of the same kind for a message in which presence has no fields. */
  Style withoutPresence() {
    return of(kind, false);
  }
}
