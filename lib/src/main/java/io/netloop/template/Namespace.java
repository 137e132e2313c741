package io.netloop.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value with members that are functions; called or constructed where it has a body. */
final class Namespace extends Functions.Inner {
  private final String name;
  private final Functions.@Nullable Body call;
  private final Functions.@Nullable Body construct;
  private final Map<String, Object> members = new HashMap<>();

  Namespace(String name, Functions.@Nullable Body call, Functions.@Nullable Body construct) {
    this.name = name;
    this.call = call;
    this.construct = construct;
  }

  Namespace with(String member, Functions.Body body) {
    members.put(member, Functions.of(body));
    return this;
  }

  Namespace with(String member, Object value) {
    members.put(member, value);
    return this;
  }

  boolean isFunction() {
    return call != null;
  }

  Object get(String member) {
    return members.getOrDefault(member, Nothing.UNDEFINED);
  }

  @Override
  Object call(Run run, Object self, Object[] arguments) {
    if (call == null) {
      throw Failure.type(name + " is not a function");
    }
    return call.call(run, arguments);
  }

  Object construct(Run run, Object[] arguments) {
    if (construct == null) {
      throw Failure.type(name + " is not a constructor");
    }
    return construct.call(run, arguments);
  }

  boolean isInstance(Object value) {
    return switch (name) {
      case "Array" -> Values.isObject(value) && Lists.isList(value);
      case "Date" -> value instanceof Moment;
      case "RegExp" -> value instanceof Regex;
      case "Error" -> value instanceof ErrorObject;
      case "Object" -> Values.isObject(value);
      default -> false;
    };
  }
}
