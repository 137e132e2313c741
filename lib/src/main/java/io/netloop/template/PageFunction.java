package io.netloop.template;

import java.util.Map;

/** {@code print}, {@code include}, {@code extend} and {@code block} of one page. */
final class PageFunction extends Functions.Inner {
  private final Page page;
  private final String name;

  PageFunction(Page page, String name) {
    this.page = page;
    this.name = name;
  }

  @Override
  Run run() {
    return page.run;
  }

  @Override
  Object call(Run run, Object self, Object[] arguments) {
    return switch (name) {
      case "print" -> print(arguments);
      case "include" -> include(arguments);
      case "extend" -> {
        page.layout(Functions.argument(arguments, 0));
        yield Nothing.UNDEFINED;
      }
      default -> block(arguments);
    };
  }

  private String print(Object[] arguments) {
    StringBuilder all = new StringBuilder();
    for (Object argument : arguments) {
      all.append(Values.rawText(argument));
      Texts.grow(all.length());
    }
    String text = all.toString();
    page.run.out.append(text);
    return text;
  }

  /** What was included is printed here, and is the value too. */
  private String include(Object[] arguments) {
    Out out = page.run.out;
    int start = out.length();
    out.hold();
    try {
      page.include(Functions.argument(arguments, 0), Functions.argument(arguments, 1));
      return out.since(start);
    } finally {
      out.release();
    }
  }

  private Object block(Object[] arguments) {
    Object first = Functions.argument(arguments, 0);
    if (Functions.isFunction(first)) {
      return capture(first);
    }
    String name = Values.text(first);
    Object body = Functions.argument(arguments, 1);
    Map<String, String> blocks = page.blocks();
    String captured = blocks.get(name);
    if (page.hasLayout()) {
      if (captured == null || captured.isEmpty()) {
        blocks.put(name, capture(Functions.required(body)));
      } else {
        page.run.out.append(captured);
      }
      return Nothing.UNDEFINED;
    }
    if (captured != null) {
      page.run.out.append(captured);
      return captured;
    }
    return capture(Functions.required(body));
  }

  private String capture(Object function) {
    Out out = page.run.out;
    int start = out.length();
    out.hold();
    try {
      Functions.call(page.run, function);
      return out.since(start);
    } finally {
      out.release();
    }
  }
}
