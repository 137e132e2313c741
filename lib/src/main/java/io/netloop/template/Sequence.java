package io.netloop.template;

import java.util.ArrayList;
import java.util.List;

/** Gathers actions that run one after the other, with the texts between them. */
final class Sequence {
  private final List<Action> actions = new ArrayList<>();
  private final List<Out.Piece> texts = new ArrayList<>();
  private final List<Integer> tags = new ArrayList<>();
  private String text = "";
  private int textTag;

  /** Text goes with the action behind it: one step instead of two. */
  void add(String more, int tag) {
    text += more;
    textTag = tag;
  }

  void add(Action action, int tag) {
    close(tag);
    actions.add(action);
  }

  private void close(int tag) {
    texts.add(text.isEmpty() ? Out.NOTHING : new Out.Piece(text));
    tags.add(tag);
    text = "";
  }

  Action compiled() {
    if (actions.isEmpty()) {
      return new Action.Text(text);
    }
    close(textTag);
    return new Action.Steps(
        actions.toArray(Action[]::new),
        texts.toArray(Out.Piece[]::new),
        tags.stream().mapToInt(tag -> tag).toArray());
  }
}
