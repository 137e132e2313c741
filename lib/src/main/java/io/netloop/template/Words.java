package io.netloop.template;

import java.util.Set;

/** Words that cannot be names in an expression. */
final class Words {
  /** Those that the grammar knows. */
  static final Set<String> KEYWORDS =
      Set.of(
          "break",
          "case",
          "catch",
          "class",
          "const",
          "continue",
          "debugger",
          "default",
          "delete",
          "do",
          "else",
          "enum",
          "export",
          "extends",
          "false",
          "finally",
          "for",
          "function",
          "if",
          "import",
          "in",
          "instanceof",
          "let",
          "new",
          "null",
          "return",
          "super",
          "switch",
          "this",
          "throw",
          "true",
          "try",
          "typeof",
          "var",
          "void",
          "while",
          "with",
          "yield");

  /** Those that JavaScript once reserved: art-template takes no data by these names. */
  static final Set<String> RESERVED =
      Set.of(
          "abstract",
          "await",
          "boolean",
          "byte",
          "char",
          "double",
          "final",
          "float",
          "goto",
          "implements",
          "int",
          "interface",
          "long",
          "native",
          "package",
          "private",
          "protected",
          "public",
          "short",
          "static",
          "synchronized",
          "throws",
          "transient",
          "volatile");

  private Words() {}
}
