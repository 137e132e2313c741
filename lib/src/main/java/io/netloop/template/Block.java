package io.netloop.template;

import java.util.Map;

/** {@code {{block 'name'}} … {{/block}}}: where a layout shows what the page has for it. */
final class Block extends Action {
  private final Node name;
  private final int slots;
  private final boolean ownFrame;
  private final int[] locals;
  private final Action body;

  Block(Node name, Scope scope, Action body) {
    this.name = name;
    this.ownFrame = scope.hasFrame();
    this.slots = scope.slots();
    this.locals = scope.ownSlots();
    this.body = body;
  }

  @Override
  int run(Frame frame) {
    String key = Values.text(name.get(frame));
    Page page = frame.page;
    Map<String, String> blocks = page.blocks();
    String captured = blocks.get(key);
    if (page.hasLayout() && (captured == null || captured.isEmpty())) {
      blocks.put(key, capture(frame));
    } else if (captured != null) {
      frame.out.append(captured);
    } else {
      body(frame);
    }
    return NEXT;
  }

  private String capture(Frame frame) {
    int start = frame.out.length();
    frame.out.hold();
    try {
      body(frame);
      return frame.out.since(start);
    } finally {
      frame.out.release();
    }
  }

  private void body(Frame frame) {
    if (ownFrame) {
      body.run(Frame.inside(frame, slots));
      return;
    }
    for (int local : locals) {
      frame.slots[local] = Nothing.UNDEFINED;
    }
    if (body.run(frame) == RETURN) {
      frame.result = Nothing.UNDEFINED;
    }
  }
}
