package io.netloop.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Makes closures of loops. */
final class LoopCompiler {
  private final Names names;
  private final ExprCompiler exprs;
  private final StmtCompiler statements;

  LoopCompiler(Names names, ExprCompiler exprs, StmtCompiler statements) {
    this.names = names;
    this.exprs = exprs;
    this.statements = statements;
  }

  Action loop(Expr condition, Stmt inside, boolean bodyFirst) {
    Node test = exprs.compile(condition);
    Action body = statements.single(inside);
    return Action.of(frame -> {
      boolean go = bodyFirst || test.test(frame);
      while (go) {
        frame.page.run.step();
        int end = body.run(frame);
        if (end == Action.RETURN) {
          return end;
        }
        go = end != Action.BREAK && test.test(frame);
      }
      return Action.NEXT;
    });
  }

  Action counting(Stmt.For loop) {
    Scope before = names.enter(loop.scope());
    Stmt first = loop.init();
    Expr condition = loop.test();
    Expr after = loop.update();
    Action init = first == null ? Action.NONE : statements.single(first);
    Node test = condition == null ? new Node.Constant(true) : exprs.compile(condition);
    Node update = after == null ? new Node.Constant(true) : exprs.compile(after);
    Action body = statements.single(loop.body());
    names.leave(before);
    boolean ownFrame = loop.scope().hasFrame();
    int slots = loop.scope().slots();
    return Action.of(outer -> {
      Frame frame = ownFrame ? Frame.inside(outer, slots) : outer;
      init.run(frame);
      while (test.test(frame)) {
        frame.page.run.step();
        int end = body.run(frame);
        if (end == Action.RETURN) {
          outer.result = frame.result;
          return end;
        }
        if (end == Action.BREAK) {
          return Action.NEXT;
        }
        if (ownFrame) {
          // Functions of this turn keep its variables; the next turn has its own.
          Frame next = Frame.inside(outer, slots);
          System.arraycopy(frame.slots, 0, next.slots, 0, slots);
          frame = next;
        }
        update.get(frame);
      }
      return Action.NEXT;
    });
  }

  Action each(Stmt.ForEach loop) {
    Node subject = exprs.compile(loop.subject());
    Scope before = names.enter(loop.scope());
    Expr.Binding declared = loop.declared();
    Patterns.Target target =
        declared != null
            ? new Patterns(exprs).target(declared)
            : assigned(java.util.Objects.requireNonNull(loop.assigned()), loop.tag());
    Action body = statements.single(loop.body());
    names.leave(before);
    boolean ownFrame = loop.scope().hasFrame();
    int slots = loop.scope().slots();
    boolean keys = loop.keys();
    return Action.of(outer -> {
      Object of = subject.get(outer);
      Iterator<Object> items = items(outer.page.run, of, keys);
      while (items.hasNext()) {
        Object item = items.next();
        outer.page.run.step();
        Frame frame = ownFrame ? Frame.inside(outer, slots) : outer;
        target.set(frame, item);
        int end = body.run(frame);
        if (end == Action.RETURN) {
          outer.result = frame.result;
          return end;
        }
        if (end == Action.BREAK) {
          return Action.NEXT;
        }
      }
      return Action.NEXT;
    });
  }

  private static Iterator<Object> items(Run run, Object of, boolean keys) {
    if (keys) {
      return new ArrayList<Object>(Properties.keys(of)).iterator();
    }
    if (!(of instanceof List<?> list)) {
      return Operators.items(run, of).iterator();
    }
    // What the loop adds to the list is visited too.
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at < list.size();
      }

      @Override
      public Object next() {
        return Values.of(list.get(at++));
      }
    };
  }

  private Patterns.Target assigned(Expr target, int tag) {
    if (target instanceof Expr.Name name && !names.isEngine(name.name())) {
      return exprs.variable(name.name());
    }
    throw new SyntaxError("The variable of a for loop is a name, or declared with let.", tag);
  }
}
