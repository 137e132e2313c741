package io.netloop.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One template at work: its data, the blocks that it shares, the layout that it has chosen. */
final class Page {
  final Run run;
  final Template template;
  final Object data;
  private final Map<String, String> blocks;
  private @Nullable Object layout;

  Page(Run run, Template template, Object data, Map<String, String> blocks) {
    this.run = run;
    this.template = template;
    this.data = data;
    this.blocks = blocks;
  }

  void layout(Object name) {
    layout = name;
  }

  /** Renders another template at this place. */
  void include(Object name, Object data) {
    template.include(this, name, Values.truth(data) ? data : this.data);
  }

  void renderLayout() {
    if (layout == null) {
      throw Failure.type("The template names extend, but has not called it: no layout is chosen");
    }
    include(layout, data);
  }

  Map<String, String> blocks() {
    return blocks;
  }

  /** Whether the blocks of this template are for a layout. */
  boolean hasLayout() {
    return layout != null && Values.truth(layout);
  }
}
