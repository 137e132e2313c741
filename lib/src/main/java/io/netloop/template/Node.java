package io.netloop.template;

/** A compiled expression. */
abstract class Node {
  abstract Object get(Frame frame);

  /** Its truth. */
  boolean test(Frame frame) {
    return Values.truth(get(frame));
  }

  /** Short ones are written as lambdas. */
  interface Body {
    Object get(Frame frame);
  }

  static Node of(Body body) {
    return new Node() {
      @Override
      Object get(Frame frame) {
        return body.get(frame);
      }
    };
  }

  static final class Constant extends Node {
    private final Object value;

    Constant(Object value) {
      this.value = value;
    }

    @Override
    Object get(Frame frame) {
      return value;
    }

    Object value() {
      return value;
    }
  }
}
