package io.netloop.chat;

/**
 * In which form a connection reads its messages: the kind of type it writes itself, whether it
 * asked for the presence fields, and whether for what came with version 1 of the protocol. All who
 * read the same style share the same bytes.
 */
enum Style {
  TEXT(TypeKind.TEXT, false, false),
  NUMBER(TypeKind.NUMBER, false, false),
  TEXT_PRESENCE(TypeKind.TEXT, true, false),
  NUMBER_PRESENCE(TypeKind.NUMBER, true, false),
  TEXT_STAMPED(TypeKind.TEXT, false, true),
  NUMBER_STAMPED(TypeKind.NUMBER, false, true),
  TEXT_PRESENCE_STAMPED(TypeKind.TEXT, true, true),
  NUMBER_PRESENCE_STAMPED(TypeKind.NUMBER, true, true);

  /** How many styles there are. */
  static final int COUNT = 8;

  private static final Style[] BY_INDEX = {
    TEXT,
    NUMBER,
    TEXT_PRESENCE,
    NUMBER_PRESENCE,
    TEXT_STAMPED,
    NUMBER_STAMPED,
    TEXT_PRESENCE_STAMPED,
    NUMBER_PRESENCE_STAMPED
  };

  private final TypeKind kind;
  private final boolean presence;
  private final boolean stamped;

  Style(TypeKind kind, boolean presence, boolean stamped) {
    this.kind = kind;
    this.presence = presence;
    this.stamped = stamped;
  }

  static Style of(TypeKind kind, boolean presence, boolean stamped) {
    return BY_INDEX[index(kind, presence, stamped)];
  }

  private static int index(TypeKind kind, boolean presence, boolean stamped) {
    return (kind == TypeKind.NUMBER ? 1 : 0) + (presence ? 2 : 0) + (stamped ? 4 : 0);
  }

  /** How the field {@code type} is written. */
  TypeKind kind() {
    return kind;
  }

  /** Whether the login answer lists the users, and notices say who came or left in fields. */
  boolean presence() {
    return presence;
  }

  /** Whether messages carry {@code time} and {@code id}. */
  boolean stamped() {
    return stamped;
  }

  /** A number for each style, from 0 up to {@link #COUNT}, for tables. */
  int index() {
    return index(kind, presence, stamped);
  }

  /** The style of the same kind with no more fields than these. */
  Style within(boolean mostPresence, boolean mostStamped) {
    return of(kind, presence && mostPresence, stamped && mostStamped);
  }
}
