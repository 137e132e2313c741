package io.netloop.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes closures of statements. */
final class StmtCompiler {
  private final Names names;
  private final ExprCompiler exprs;
  private final LoopCompiler loops;

  StmtCompiler(Names names) {
    this.names = names;
    this.exprs = new ExprCompiler(names, this::sequence);
    this.loops = new LoopCompiler(names, exprs, this);
  }

  /** Statements one after the other; functions among them are there from the begin. */
  Action sequence(List<Stmt> statements) {
    Sequence sequence = new Sequence();
    for (Stmt statement : statements) {
      if (statement instanceof Stmt.FunctionOf function) {
        sequence.add(declared(function), function.tag());
      }
    }
    for (Stmt statement : statements) {
      if (statement instanceof Stmt.Text piece) {
        sequence.add(piece.text(), piece.tag());
      } else if (!(statement instanceof Stmt.FunctionOf)) {
        sequence.add(compile(statement), statement.tag());
      }
    }
    return sequence.compiled();
  }

  /** One statement by itself; it notes errors as its own. */
  Action single(Stmt statement) {
    return statement instanceof Stmt.Block || statement instanceof Stmt.Text
        ? compile(statement)
        : sequence(List.of(statement));
  }

  private Action compile(Stmt statement) {
    return switch (statement) {
      case Stmt.Text text -> new Action.Text(text.text());
      case Stmt.Output output -> output(output);
      case Stmt.Expression expression -> expression(exprs.compile(expression.expr()));
      case Stmt.Declare declare -> declare(declare);
      case Stmt.FunctionOf function -> declared(function);
      case Stmt.If condition -> {
        Stmt no = condition.no();
        yield new Action.If(
            exprs.compile(condition.test()),
            single(condition.yes()),
            no == null ? Action.NONE : single(no));
      }
      case Stmt.For loop -> loops.counting(loop);
      case Stmt.ForEach loop -> loops.each(loop);
      case Stmt.While loop -> loops.loop(loop.test(), loop.body(), false);
      case Stmt.DoWhile loop -> loops.loop(loop.test(), loop.body(), true);
      case Stmt.Switch choice -> choice(choice);
      case Stmt.Break jump -> Action.of(frame -> Action.BREAK);
      case Stmt.Continue jump -> Action.of(frame -> Action.CONTINUE);
      case Stmt.Return end -> end(end.value());
      case Stmt.Throw error -> {
        Node value = exprs.compile(error.value());
        yield Action.of(frame -> {
          throw new Failure(value.get(frame), null);
        });
      }
      case Stmt.Try attempt -> attempt(attempt);
      case Stmt.Block block -> block(block);
    };
  }

  private static Action expression(Node node) {
    return Action.of(frame -> {
      node.get(frame);
      return Action.NEXT;
    });
  }

  private Action output(Stmt.Output output) {
    if (output.values().isEmpty()) {
      return Action.NONE;
    }
    boolean calls = output.values().stream().anyMatch(Calls::in);
    Node value = exprs.compile(output.values().getFirst());
    if (output.values().size() > 1) {
      // Arguments of $escape in the original: all are computed, the first is printed.
      Node[] rest = output.values().stream().skip(1).map(exprs::compile).toArray(Node[]::new);
      Node first = value;
      value =
          Node.of(frame -> {
            Object printed = first.get(frame);
            for (Node node : rest) {
              node.get(frame);
            }
            return printed;
          });
    }
    if (calls) {
      value = Printing.withoutPrints(value);
    }
    return output.raw() ? new Printing.Raw(value) : new Printing.Escaped(value);
  }

  private Action declare(Stmt.Declare declare) {
    Patterns patterns = new Patterns(exprs);
    List<Action> actions = new ArrayList<>();
    for (Stmt.Declarator part : declare.parts()) {
      Expr expr = part.value();
      Patterns.Target target = patterns.target(part.binding());
      if (expr != null) {
        Node value = exprs.compile(expr);
        actions.add(
            Action.of(frame -> {
              target.set(frame, value.get(frame));
              return Action.NEXT;
            }));
      } else if (declare.fresh()) {
        actions.add(
            Action.of(frame -> {
              target.set(frame, Nothing.UNDEFINED);
              return Action.NEXT;
            }));
      }
    }
    if (actions.size() == 1) {
      return actions.getFirst();
    }
    Sequence all = new Sequence();
    actions.forEach(action -> all.add(action, declare.tag()));
    return all.compiled();
  }

  private Action declared(Stmt.FunctionOf function) {
    Patterns.Target target = exprs.variable(function.name());
    Closure.Code code = exprs.code(function.function());
    return Action.of(frame -> {
      target.set(frame, new Closure(code, frame));
      return Action.NEXT;
    });
  }

  private Action end(@Nullable Expr value) {
    if (value == null) {
      return Action.of(frame -> Action.RETURN);
    }
    Node node = exprs.compile(value);
    return Action.of(frame -> {
      frame.result = node.get(frame);
      return Action.RETURN;
    });
  }

  /** Runs an action in a frame of its own where the scope has one. */
  Action scoped(Scope scope, Action action) {
    if (!scope.hasFrame()) {
      return action;
    }
    int slots = scope.slots();
    return Action.of(frame -> {
      Frame inner = Frame.inside(frame, slots);
      int end = action.run(inner);
      frame.result = end == Action.RETURN ? inner.result : frame.result;
      return end;
    });
  }

  private Action block(Stmt.Block block) {
    Scope before = names.enter(block.scope());
    Action action = sequence(block.body());
    names.leave(before);
    return scoped(block.scope(), action);
  }

  private Action choice(Stmt.Switch choice) {
    Node subject = exprs.compile(choice.subject());
    Scope before = names.enter(choice.scope());
    int count = choice.cases().size();
    @Nullable Node[] tests = new @Nullable Node[count];
    Action[] bodies = new Action[count];
    int otherwise = count;
    for (int i = 0; i < count; i++) {
      Expr test = choice.cases().get(i).test();
      tests[i] = test == null ? null : exprs.compile(test);
      otherwise = test == null ? i : otherwise;
      bodies[i] = sequence(choice.cases().get(i).body());
    }
    names.leave(before);
    return choose(subject, tests, bodies, otherwise, choice.scope());
  }

  private static Action choose(
      Node subject, @Nullable Node[] tests, Action[] bodies, int byDefault, Scope scope) {
    boolean ownFrame = scope.hasFrame();
    return Action.of(outer -> {
      Object value = subject.get(outer);
      Frame frame = ownFrame ? Frame.inside(outer, scope.slots()) : outer;
      int start = byDefault;
      for (int i = 0; i < tests.length; i++) {
        Node test = tests[i];
        if (test != null && Values.same(value, test.get(frame))) {
          start = i;
          break;
        }
      }
      for (int i = start; i < bodies.length; i++) {
        int end = bodies[i].run(frame);
        if (end == Action.RETURN) {
          outer.result = frame.result;
        }
        if (end != Action.NEXT) {
          return end == Action.BREAK ? Action.NEXT : end;
        }
      }
      return Action.NEXT;
    });
  }

  private Action attempt(Stmt.Try attempt) {
    Action body = block(attempt.body());
    Action handler = attempt.handler() == null ? null : handler(attempt);
    Stmt.Block lastBlock = attempt.last();
    Action last = lastBlock == null ? null : block(lastBlock);
    return Action.of(frame -> {
      int end;
      try {
        end = handler == null ? body.run(frame) : caught(frame, body, handler);
      } catch (Failure e) {
        int after = last == null ? Action.NEXT : last.run(frame);
        if (after != Action.NEXT) {
          return after;
        }
        throw e;
      }
      Object result = frame.result;
      int after = last == null ? Action.NEXT : last.run(frame);
      if (after == Action.NEXT) {
        frame.result = result;
        return end;
      }
      return after;
    });
  }

  private static int caught(Frame frame, Action body, Action handler) {
    try {
      return body.run(frame);
    } catch (Failure e) {
      frame.caught = e.value;
      return handler.run(frame);
    }
  }

  private Action handler(Stmt.Try attempt) {
    Scope scope = java.util.Objects.requireNonNull(attempt.scope());
    Stmt.Block block = java.util.Objects.requireNonNull(attempt.handler());
    Scope before = names.enter(scope);
    Expr.Binding binding = attempt.error();
    Patterns.Target error =
        binding == null ? (frame, value) -> {} : new Patterns(exprs).target(binding);
    Action body = block(block);
    names.leave(before);
    boolean ownFrame = scope.hasFrame();
    int slots = scope.slots();
    return Action.of(frame -> {
      Frame inner = ownFrame ? Frame.inside(frame, slots) : frame;
      error.set(inner, frame.caught);
      int end = body.run(inner);
      if (end == Action.RETURN) {
        frame.result = inner.result;
      }
      return end;
    });
  }
}
