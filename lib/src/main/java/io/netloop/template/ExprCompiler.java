package io.netloop.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes closures of expressions. */
final class ExprCompiler {
  /** Compiles the statements of a function. */
  interface Bodies {
    Action compile(List<Stmt> statements);
  }

  final Names names;
  private final Bodies bodies;
  private final CallCompiler calls;

  ExprCompiler(Names names, Bodies bodies) {
    this.names = names;
    this.bodies = bodies;
    this.calls = new CallCompiler(this);
  }

  Node compile(Expr expr) {
    return switch (expr) {
      case Expr.Literal literal -> new Node.Constant(literal.value());
      case Expr.Name name -> name(name);
      case Expr.Member member -> member(member);
      case Expr.Index index ->
          new Access.Index(compile(index.of()), compile(index.key()), index.optional());
      case Expr.Call call -> calls.call(call);
      case Expr.New construction -> calls.construct(construction);
      case Expr.Chain chain -> chain(compile(chain.whole()));
      case Expr.Binary binary -> binary(binary);
      case Expr.Logical logical -> logical(logical);
      case Expr.Conditional conditional -> conditional(conditional);
      case Expr.Unary unary -> unary(unary);
      case Expr.Update update -> new Assignments(this).update(update);
      case Expr.Assign assign -> new Assignments(this).assign(assign);
      case Expr.Sequence sequence -> sequence(sequence);
      case Expr.Function function -> function(function);
      case Expr.ListOf list -> list(list);
      case Expr.ObjectOf object -> object(object);
      case Expr.Interpolation interpolation -> interpolation(interpolation);
      case Expr.Pattern pattern -> Node.of(frame -> pattern.regex().copy());
      case Expr.This self -> Node.of(frame -> frame.self);
      case Expr.Hole hole -> new Node.Constant(Nothing.UNDEFINED);
      case Expr.Spread spread ->
          throw new IllegalStateException("a spread stands outside of a list");
    };
  }

  // --- names and parts

  private Node name(Expr.Name name) {
    if (names.isEngine(name.name())) {
      return calls.engine(name.name());
    }
    if (Words.RESERVED.contains(name.name())) {
      String reason = name.name() + " is not defined";
      return Node.of(frame -> {
        throw Failure.reference(reason);
      });
    }
    return read(names.place(name.name()));
  }

  private static Node read(Names.Place place) {
    return place.levels() == 0
        ? new Access.Local(place.slot())
        : new Access.Outer(place.levels(), place.slot());
  }

  /** Where a value goes that is declared or assigned under that name. */
  Patterns.Target variable(String name) {
    Names.Place place = names.place(name);
    int slot = place.slot();
    int levels = place.levels();
    return levels == 0
        ? (frame, value) -> frame.slots[slot] = value
        : (frame, value) -> frame.outward(levels).slots[slot] = value;
  }

  private Node member(Expr.Member member) {
    if (member.of() instanceof Expr.Name name
        && name.name().equals("$imports")
        && names.isEngine("$imports")) {
      Object imported = names.imported(member.name());
      return new Node.Constant(imported == null ? Nothing.UNDEFINED : imported);
    }
    Node of = compile(member.of());
    Access.Member node = new Access.Member(of, member.name(), member.optional());
    return of instanceof Access.Local local ? new Access.LocalMember(local.slot(), node) : node;
  }

  private static Node chain(Node whole) {
    return Node.of(frame -> {
      Object value = whole.get(frame);
      return Access.isCut(value) ? Nothing.UNDEFINED : value;
    });
  }

  // --- operators

  private Node binary(Expr.Binary binary) {
    Node left = compile(binary.left());
    Node right = compile(binary.right());
    String operator = binary.operator();
    if (operator.equals("===")
        && right instanceof Node.Constant constant
        && constant.value() instanceof Integer number) {
      return isNumber(left, number);
    }
    return switch (operator) {
      case "+" ->
          new Node() {
            @Override
            Object get(Frame frame) {
              return Values.add(left.get(frame), right.get(frame));
            }
          };
      case "===" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return Values.same(left.get(frame), right.get(frame));
            }
          };
      case "==" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return Values.equal(left.get(frame), right.get(frame));
            }
          };
      case "!==" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return !Values.same(left.get(frame), right.get(frame));
            }
          };
      case "!=" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return !Values.equal(left.get(frame), right.get(frame));
            }
          };
      case "<" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return Values.compare(left.get(frame), right.get(frame)) == -1;
            }
          };
      case ">" ->
          new Test() {
            @Override
            boolean test(Frame frame) {
              return Values.compare(left.get(frame), right.get(frame)) == 1;
            }
          };
      default -> {
        Operators.Binary apply = Operators.binary(operator);
        yield new Node() {
          @Override
          Object get(Frame frame) {
            return apply.apply(left.get(frame), right.get(frame));
          }
        };
      }
    };
  }

  /** The most frequent comparison: with a whole number that is known. */
  private static Node isNumber(Node left, int number) {
    return new Test() {
      @Override
      boolean test(Frame frame) {
        Object value = left.get(frame);
        return value instanceof Integer i ? i == number : Values.same(value, number);
      }
    };
  }

  /** A node that is true or false. */
  abstract static class Test extends Node {
    @Override
    abstract boolean test(Frame frame);

    @Override
    final Object get(Frame frame) {
      return test(frame);
    }
  }

  private Node logical(Expr.Logical logical) {
    Node left = compile(logical.left());
    Node right = compile(logical.right());
    return switch (logical.operator()) {
      case "&&" ->
          new Node() {
            @Override
            Object get(Frame frame) {
              Object value = left.get(frame);
              return Values.truth(value) ? right.get(frame) : value;
            }

            @Override
            boolean test(Frame frame) {
              return left.test(frame) && right.test(frame);
            }
          };
      case "||" ->
          new Node() {
            @Override
            Object get(Frame frame) {
              Object value = left.get(frame);
              return Values.truth(value) ? value : right.get(frame);
            }

            @Override
            boolean test(Frame frame) {
              return left.test(frame) || right.test(frame);
            }
          };
      default ->
          Node.of(frame -> {
            Object value = left.get(frame);
            return Values.isNothing(value) ? right.get(frame) : value;
          });
    };
  }

  private Node conditional(Expr.Conditional conditional) {
    Node test = compile(conditional.test());
    Node yes = compile(conditional.yes());
    Node no = compile(conditional.no());
    return new Node() {
      @Override
      Object get(Frame frame) {
        return test.test(frame) ? yes.get(frame) : no.get(frame);
      }
    };
  }

  private Node unary(Expr.Unary unary) {
    if (unary.operator().equals("delete")) {
      return new Assignments(this).delete(unary.operand());
    }
    Node operand = compile(unary.operand());
    if (unary.operator().equals("!")) {
      return new Test() {
        @Override
        boolean test(Frame frame) {
          return !operand.test(frame);
        }
      };
    }
    String operator = unary.operator();
    return Node.of(frame -> Operators.unary(operator, operand.get(frame)));
  }

  private Node sequence(Expr.Sequence sequence) {
    Node[] parts = sequence.parts().stream().map(this::compile).toArray(Node[]::new);
    return Node.of(frame -> {
      Object value = Nothing.UNDEFINED;
      for (Node part : parts) {
        value = part.get(frame);
      }
      return value;
    });
  }

  // --- literals

  private Node interpolation(Expr.Interpolation interpolation) {
    Node[] parts =
        interpolation.parts().stream()
            .map(part -> part instanceof Expr expr ? compile(expr) : new Node.Constant(part))
            .toArray(Node[]::new);
    return Node.of(frame -> {
      StringBuilder text = new StringBuilder();
      for (Node part : parts) {
        text.append(Values.text(part.get(frame)));
        Texts.grow(text.length());
      }
      return text.toString();
    });
  }

  /** What gives all values of a list, or of arguments, spread ones included. */
  interface Items {
    List<Object> get(Frame frame);
  }

  Items items(List<Expr> exprs) {
    record Part(Node node, boolean spread) {}
    List<Part> parts = new ArrayList<>();
    for (Expr expr : exprs) {
      parts.add(
          expr instanceof Expr.Spread spread
              ? new Part(compile(spread.of()), true)
              : new Part(compile(expr), false));
    }
    return frame -> {
      List<Object> items = new ArrayList<>(parts.size());
      for (Part part : parts) {
        Object value = part.node.get(frame);
        if (part.spread) {
          items.addAll(Operators.items(frame.page.run, value));
          Lists.grow(items.size());
        } else {
          items.add(value);
        }
      }
      return items;
    };
  }

  private Node list(Expr.ListOf list) {
    Items items = items(list.items());
    return Node.of(items::get);
  }

  private Node object(Expr.ObjectOf object) {
    record Part(Node key, Node value, boolean spread) {}
    List<Part> parts = new ArrayList<>();
    for (Expr.Property property : object.properties()) {
      Expr key = property.key();
      Node value = compile(property.value());
      parts.add(key == null ? new Part(value, value, true) : new Part(compile(key), value, false));
    }
    return Node.of(frame -> {
      Map<String, Object> map = new LinkedHashMap<>();
      for (Part part : parts) {
        if (part.spread) {
          Object from = part.value.get(frame);
          for (String key : Properties.keys(from)) {
            map.put(key, Properties.get(from, key));
          }
        } else {
          map.put(Values.text(part.key.get(frame)), part.value.get(frame));
        }
      }
      return map;
    });
  }

  private Node function(Expr.Function function) {
    Closure.Code code = code(function);
    return Node.of(frame -> new Closure(code, frame));
  }

  Closure.Code code(Expr.Function function) {
    Scope before = names.enter(function.scope());
    boolean plain = function.parameters().stream().allMatch(Expr.Parameter::isPlain);
    int[] slots = {};
    List<Closure.Setter> setters = new ArrayList<>();
    if (plain) {
      slots =
          function.parameters().stream()
              .mapToInt(one -> names.place(((Expr.NameBinding) one.binding()).name()).slot())
              .toArray();
    } else {
      Patterns patterns = new Patterns(this);
      for (Expr.Parameter parameter : function.parameters()) {
        setters.add(new Closure.Setter(patterns.target(parameter.binding()), parameter.rest()));
      }
    }
    int self = function.name().isEmpty() ? -1 : names.place(function.name()).slot();
    Action body = bodies.compile(function.body());
    names.leave(before);
    return new Closure.Code(function.scope().slots(), self, slots, setters, function.arrow(), body);
  }

  /** The statements of a function that runs where it stands. */
  Action inline(List<Stmt> statements) {
    return bodies.compile(statements);
  }
}
