package io.netloop.chat;

/**
 * How a peer writes the field {@code type}: as the text of the protocol or as the number that some
 * published course programs use for it. Each connection is answered in its own kind.
 */
enum TypeKind {
  TEXT,
  NUMBER
}
