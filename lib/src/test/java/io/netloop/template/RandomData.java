package io.netloop.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes data for {@link RandomTemplates}: values of all kinds under the names that they use. */
final class RandomData {
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "<b>",
          "\"q\"",
          "it's",
          "a&b",
          "  ",
          "10",
          "0",
          "3.5",
          "Hello World",
          "äöü",
          "你好",
          "a,b,c",
          "line\nline",
          "</script>",
          "-1e3",
          "true",
          "𝄞");

  private final Dice dice;

  RandomData(Dice dice) {
    this.dice = dice;
  }

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "n", "m", "z", "s", "t")) {
      if (dice.below(6) > 0) {
        data.put(name, simple());
      }
    }
    data.put("s", dice.one(TEXTS));
    data.put("n", dice.below(20) - 5);
    data.put("l", list(dice.below(5)));
    data.put("ll", List.of(list(dice.below(3)), list(dice.below(3))));
    List<Object> rows = new ArrayList<>();
    for (int i = dice.below(4); i > 0; i--) {
      rows.add(object());
    }
    data.put("rows", rows);
    data.put("o", object());
    data.put("p", Map.of("o", object(), "l", list(2)));
    data.put("名", simple());
    data.put("name", "./part");
    return data;
  }

  private Object simple() {
    return switch (dice.below(8)) {
      case 0 -> true;
      case 1 -> false;
      case 2 -> Nothing.NULL;
      case 3 -> dice.below(100) - 50;
      case 4 -> (dice.below(2000) - 1000) / 8.0;
      case 5 -> dice.below(1000) * 1e18;
      default -> dice.one(TEXTS);
    };
  }

  private List<Object> list(int size) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(simple());
    }
    return list;
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    for (String key : List.of("k", "v", "id", "9", "10", "title", "done")) {
      if (dice.below(3) > 0) {
        object.put(key, simple());
      }
    }
    return object;
  }
}
