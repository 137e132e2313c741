package io.netloop.template;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles calls: of functions, of methods, and of what the engine gives. */
final class CallCompiler {
  private final ExprCompiler compiler;

  CallCompiler(ExprCompiler compiler) {
    this.compiler = compiler;
  }

  /** The arguments of a call. */
  private interface Arguments {
    Object[] get(Frame frame);
  }

  private Arguments arguments(List<Expr> exprs) {
    if (exprs.stream().anyMatch(expr -> expr instanceof Expr.Spread)) {
      ExprCompiler.Items items = compiler.items(exprs);
      return frame -> items.get(frame).toArray();
    }
    Node[] nodes = exprs.stream().map(compiler::compile).toArray(Node[]::new);
    if (nodes.length == 0) {
      return frame -> Functions.NONE;
    }
    return frame -> {
      Object[] values = new Object[nodes.length];
      for (int i = 0; i < nodes.length; i++) {
        values[i] = nodes[i].get(frame);
      }
      return values;
    };
  }

  Node call(Expr.Call call) {
    if (call.callee() instanceof Expr.Name name && compiler.names.isEngine(name.name())) {
      Action action = inline(name.name(), call);
      if (action != null) {
        return Node.of(frame -> {
          action.run(frame);
          return Nothing.UNDEFINED;
        });
      }
    }
    String shown = shown(call.callee());
    Arguments arguments = arguments(call.arguments());
    boolean optional = call.optional();
    return switch (call.callee()) {
      case Expr.Member member when !isImport(member) ->
          method(member.of(), new Node.Constant(member.name()), member.optional(), call, arguments);
      case Expr.Index index ->
          method(index.of(), compiler.compile(index.key()), index.optional(), call, arguments);
      default -> {
        Node callee = compiler.compile(call.callee());
        yield Node.of(frame -> {
          Object function = callee.get(frame);
          if (Access.isCut(function) || (optional && Values.isNothing(function))) {
            return Access.CUT;
          }
          Object[] values = arguments.get(frame);
          if (!Functions.isFunction(function)) {
            throw Failure.type(shown + " is not a function");
          }
          return Functions.call(frame.page.run, function, values);
        });
      }
    };
  }

  private boolean isImport(Expr.Member member) {
    return member.of() instanceof Expr.Name name
        && name.name().equals("$imports")
        && compiler.names.isEngine("$imports");
  }

  private Node method(
      Expr of, Node key, boolean optionalMember, Expr.Call call, Arguments arguments) {
    Node object = compiler.compile(of);
    String shown = shown(call.callee());
    boolean optionalCall = call.optional();
    return Node.of(frame -> {
      Object self = Lists.taken(object.get(frame));
      if (Access.isCut(self) || (optionalMember && Values.isNothing(self))) {
        return Access.CUT;
      }
      Object name = key.get(frame);
      // What the object itself holds comes first, and tells where there is no object.
      Object held = held(self, name);
      if (held == null && optionalCall && !Methods.has(self, Values.text(name))) {
        return Access.CUT;
      }
      Object[] values = arguments.get(frame);
      Run run = frame.page.run;
      if (held != null) {
        if (!Functions.isFunction(held)) {
          throw Failure.type(shown + " is not a function");
        }
        return Functions.callWith(run, held, self, values);
      }
      run.step();
      Object result = Methods.call(run, self, Values.text(name), values);
      if (result == null) {
        throw Failure.type(shown + " is not a function");
      }
      return result;
    });
  }

  /** A part of the object that is there; null where only a method of the language may be meant. */
  private static @Nullable Object held(Object self, Object name) {
    if (self instanceof String || self instanceof Number || self instanceof Boolean) {
      return null;
    }
    Object value = Properties.get(self, name);
    return value instanceof Nothing || value instanceof Methods.Bound ? null : value;
  }

  /** {@code $each} and {@code block} with their function: no function at all. */
  private @Nullable Action inline(String name, Expr.Call call) {
    if (call.arguments().size() != 2
        || !(call.arguments().get(1) instanceof Expr.Function body)
        || !body.scope().isInline()) {
      return null;
    }
    Node first = compiler.compile(call.arguments().getFirst());
    Names names = compiler.names;
    Scope before = names.enter(body.scope());
    int[] parameters =
        body.parameters().stream()
            .mapToInt(one -> names.place(((Expr.NameBinding) one.binding()).name()).slot())
            .toArray();
    Action action = compiler.inline(body.body());
    names.leave(before);
    return name.equals("$each")
        ? new Each(first, parameters, body.scope(), action)
        : new Block(first, body.scope(), action);
  }

  /** What a name of the engine stands for, as a value. */
  Node engine(String name) {
    return switch (name) {
      case "$data" -> Node.of(frame -> frame.page.data);
      case "undefined" -> new Node.Constant(Nothing.UNDEFINED);
      case "$imports" -> new Node.Constant(allImports());
      case "$escape" ->
          new Node.Constant(
              Functions.of(
                  (run, values) -> Out.escape(Printing.text(run, Functions.argument(values, 0)))));
      case "$each" -> new Node.Constant(Functions.of(Each::call));
      default -> Node.of(frame -> new PageFunction(frame.page, name));
    };
  }

  private Object allImports() {
    Namespace all = new Namespace("$imports", null, null);
    Globals.names().forEach(name -> all.with(name, Globals.get(name)));
    compiler.names.options().imports().forEach((name, value) -> all.with(name, Values.of(value)));
    return all;
  }

  Node construct(Expr.New construction) {
    Node callee = compiler.compile(construction.callee());
    Arguments arguments = arguments(construction.arguments());
    String shown = shown(construction.callee());
    return Node.of(frame -> {
      Object type = callee.get(frame);
      if (!(type instanceof Namespace namespace)) {
        throw Failure.type(shown + " is not a constructor");
      }
      frame.page.run.step();
      return namespace.construct(frame.page.run, arguments.get(frame));
    });
  }

  /** As V8 shows what was called. */
  private static String shown(Expr expr) {
    return switch (expr) {
      case Expr.Name name -> name.name();
      case Expr.Member member -> shown(member.of()) + "." + member.name();
      case Expr.Index index ->
          switch (index.key()) {
            case Expr.Literal literal when literal.value() instanceof String key ->
                shown(index.of()) + "." + key;
            case Expr.Literal literal -> shown(index.of()) + "[" + shown(literal) + "]";
            case Expr.Name name -> shown(index.of()) + "[" + name.name() + "]";
            default -> shown(index.of()) + "[...]";
          };
      case Expr.Call call -> shown(call.callee()) + (call.arguments().isEmpty() ? "()" : "(...)");
      case Expr.Literal literal ->
          literal.value() instanceof String text
              ? "\"" + text + "\""
              : Objects.toString(literal.value());
      case Expr.Sequence sequence ->
          sequence.parts().stream().map(CallCompiler::shown).collect(Collectors.joining(" , "));
      case Expr.This self -> "this";
      default -> "(intermediate value)";
    };
  }
}
