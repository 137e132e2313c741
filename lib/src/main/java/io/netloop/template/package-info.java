/**
 * Templates in the language of art-template. The way of a template:
 *
 * <pre>
 *   text ─▶ TagReader (StandardTag, Scanner) ─▶ tokens ─▶ StatementParser ─▶ Stmt, Expr
 *        ─▶ StmtCompiler (Names) ─▶ Actions and Nodes, kept in a Template
 *
 *   data ─▶ Template ─▶ Page and Frame ─▶ Actions ─▶ Out ─▶ text
 * </pre>
 *
 * The package depends on nothing but Java.
 */
@NullMarked
package io.netloop.template;

import org.jspecify.annotations.NullMarked;
