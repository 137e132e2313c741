package io.netloop.template;

import org.jspecify.annotations.Nullable;

/**
 * A function that templates call: a filter ({@code {{name | upper}}}) or a plain function ({@code
 * {{upper(name)}}}). Functions that a template passes to one of Java are of this type too, and may
 * be called until the rendering ends, by its thread.
 */
@FunctionalInterface
public interface TemplateFunction {
  /**
   * Computes a value.
   *
   * @param arguments what the template passed, as many as it passed: text as String, whole numbers
   *     as Integer, others as Double, lists as List, objects as Map or what Java gave; null for
   *     null and undefined
   * @return the value; null prints nothing. What is returned is escaped unless the tag is raw
   */
  @Nullable Object call(@Nullable Object... arguments);
}
