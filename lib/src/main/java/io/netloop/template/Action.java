package io.netloop.template;

/** A compiled statement. */
abstract class Action {
  /** How a statement ended. */
  static final int NEXT = 0;

  static final int BREAK = 1;
  static final int CONTINUE = 2;
  static final int RETURN = 3;

  abstract int run(Frame frame);

  interface Body {
    int run(Frame frame);
  }

  static Action of(Body body) {
    return new Action() {
      @Override
      int run(Frame frame) {
        return body.run(frame);
      }
    };
  }

  /** Text of the template. */
  static final class Text extends Action {
    private final Out.Piece piece;

    Text(String text) {
      this.piece = new Out.Piece(text);
    }

    @Override
    int run(Frame frame) {
      frame.out.append(piece);
      return NEXT;
    }
  }

  /** Statements one after the other; it notes which of them an error comes from. */
  static final class Steps extends Action {
    private final Action[] actions;

    /** What is printed before each of them, and behind the last. */
    private final Out.Piece[] texts;

    /** One for each text. */
    private final int[] tags;

    Steps(Action[] actions, Out.Piece[] texts, int[] tags) {
      this.actions = actions;
      this.texts = texts;
      this.tags = tags;
    }

    @Override
    int run(Frame frame) {
      int at = 0;
      try {
        Out out = frame.out;
        for (; at < actions.length; at++) {
          out.append(texts[at]);
          Action action = actions[at];
          // Most are these; named, they are compiled into this loop.
          if (action instanceof Printing.Escaped printing) {
            printing.run(frame);
            continue;
          }
          int end = action.run(frame);
          if (end != NEXT) {
            return end;
          }
        }
        out.append(texts[at]);
        return NEXT;
      } catch (Failure e) {
        if (e.template == null) {
          e.tag = tags[at];
          e.template = frame.page.template;
        }
        throw e;
      } catch (LimitExceeded e) {
        if (e.template == null) {
          e.tag = tags[at];
          e.template = frame.page.template;
        }
        throw e;
      }
    }
  }

  static final class If extends Action {
    private final Node test;
    private final Action yes;
    private final Action no;

    If(Node test, Action yes, Action no) {
      this.test = test;
      this.yes = yes;
      this.no = no;
    }

    @Override
    int run(Frame frame) {
      return test.test(frame) ? yes.run(frame) : no.run(frame);
    }
  }

  /** Nothing to do. */
  static final Action NONE = of(frame -> NEXT);
}
