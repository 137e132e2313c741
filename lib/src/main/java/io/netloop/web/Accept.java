package io.netloop.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client likes best, by its {@code Accept…} headers: the offer with the greatest weight; of
 * several, the one that is named most exactly, then first by the client, then first by us (RFC 9110
 * §12.5, npm's negotiator).
 */
final class Accept {
  /** What a name in a header has to do with one that is offered. */
  private interface Fit {
    /** How exactly it names it, 0 for a star; -1 where it does not. */
    int of(String offered, Wish wish);
  }

  /** One element of a header. */
  private record Wish(String value, Map<String, String> parameters, double weight, int order) {}

  private record Choice(String offered, int index, double weight, int exactness, int order) {}

  private static final Comparator<Choice> BEST =
      Comparator.comparingDouble(Choice::weight)
          .thenComparingInt(Choice::exactness)
          .reversed()
          .thenComparingInt(Choice::order)
          .thenComparingInt(Choice::index);

  private Accept() {}

  /** The best of these media types, or null where none will do. */
  static @Nullable String type(@Nullable String header, List<String> offered) {
    return best(wishes(header == null ? "*/*" : header), offered, Accept::typeFit);
  }

  /** The best of these languages, or null where none will do. */
  static @Nullable String language(@Nullable String header, List<String> offered) {
    return best(wishes(header == null ? "*" : header), offered, Accept::languageFit);
  }

  /** The best of these charsets, or null where none will do. */
  static @Nullable String charset(@Nullable String header, List<String> offered) {
    return best(wishes(header == null ? "*" : header), offered, Accept::tokenFit);
  }

  /**
   * The best of these codings; of several that the client likes as much the one that is offered
   * first. Null where it would rather have none.
   */
  static @Nullable String encodingByOurs(@Nullable String header, List<String> offered) {
    List<Wish> wishes = encodings(header);
    Choice plain = choice(wishes, "identity", 0, Accept::tokenFit);
    double most = plain == null ? 0 : plain.weight;
    String best = null;
    for (int i = 0; i < offered.size(); i++) {
      Choice choice = choice(wishes, offered.get(i), i, Accept::tokenFit);
      if (choice != null && choice.weight > 0) {
        if (choice.weight > most || (choice.weight == most && best == null)) {
          best = choice.offered;
          most = choice.weight;
        }
      }
    }
    return best;
  }

  /** The best of these codings, or null where none will do; {@code identity} nearly always does. */
  static @Nullable String encoding(@Nullable String header, List<String> offered) {
    return best(encodings(header), offered, Accept::tokenFit);
  }

  /** What nobody has refused can be sent as it is: at the least weight that is named. */
  private static List<Wish> encodings(@Nullable String header) {
    List<Wish> wishes = wishes(header == null ? "" : header);
    double least = 1;
    boolean named = false;
    for (Wish wish : wishes) {
      named |= tokenFit("identity", wish) >= 0;
      least = Math.min(least, wish.weight == 0 ? 1 : wish.weight);
    }
    if (!named) {
      wishes.add(new Wish("identity", Map.of(), least, wishes.size()));
    }
    return wishes;
  }

  /** All that the header names with a weight, the best first. */
  static List<String> all(@Nullable String header) {
    List<Wish> wishes = wishes(header == null ? "" : header);
    wishes.removeIf(wish -> wish.weight <= 0);
    wishes.sort(Comparator.comparingDouble(Wish::weight).reversed());
    return wishes.stream().map(Wish::value).toList();
  }

  private static @Nullable String best(List<Wish> wishes, List<String> offered, Fit fit) {
    Choice best = null;
    for (int i = 0; i < offered.size(); i++) {
      Choice choice = choice(wishes, offered.get(i), i, fit);
      if (choice != null && choice.weight > 0 && (best == null || BEST.compare(choice, best) < 0)) {
        best = choice;
      }
    }
    return best == null ? null : best.offered;
  }

  /** The wish that names it most exactly says how much it is liked. */
  private static @Nullable Choice choice(List<Wish> wishes, String offered, int index, Fit fit) {
    Choice found = null;
    for (Wish wish : wishes) {
      int exactness = fit.of(offered, wish);
      if (exactness >= 0
          && (found == null
              || exactness > found.exactness
              || (exactness == found.exactness && wish.weight >= found.weight))) {
        found = new Choice(offered, index, wish.weight, exactness, wish.order);
      }
    }
    return found;
  }

  private static int tokenFit(String offered, Wish wish) {
    return offered.equalsIgnoreCase(wish.value) ? 1 : wish.value.equals("*") ? 0 : -1;
  }

  private static int languageFit(String offered, Wish wish) {
    if (offered.equalsIgnoreCase(wish.value)) {
      return 4;
    }
    if (prefix(offered).equalsIgnoreCase(wish.value)) {
      return 2;
    }
    if (prefix(wish.value).equalsIgnoreCase(offered)) {
      return 1;
    }
    return wish.value.equals("*") ? 0 : -1;
  }

  private static String prefix(String language) {
    int dash = language.indexOf('-');
    return dash < 0 ? language : language.substring(0, dash);
  }

  private static int typeFit(String offered, Wish wish) {
    MediaType type = MediaType.parse(offered);
    MediaType range = MediaType.parse(wish.value);
    if (type == null || range == null) {
      return -1;
    }
    int exactness = 0;
    if (type.main().equals(range.main())) {
      exactness |= 4;
    } else if (!range.main().equals("*")) {
      return -1;
    }
    if (type.sub().equals(range.sub())) {
      exactness |= 2;
    } else if (!range.sub().equals("*")) {
      return -1;
    }
    for (Map.Entry<String, String> parameter : wish.parameters.entrySet()) {
      String has = type.parameters().getOrDefault(parameter.getKey(), "");
      if (!parameter.getValue().equals("*") && !parameter.getValue().equalsIgnoreCase(has)) {
        return -1;
      }
    }
    return wish.parameters.isEmpty() ? exactness : exactness | 1;
  }

  private static List<Wish> wishes(String header) {
    List<Wish> wishes = new ArrayList<>();
    for (String element : MediaType.split(header, ',')) {
      List<String> parts = MediaType.split(element, ';');
      String value = parts.getFirst();
      if (value.isEmpty()) {
        continue;
      }
      Map<String, String> parameters = new LinkedHashMap<>();
      double weight = 1;
      for (String part : parts.subList(1, parts.size())) {
        int sign = part.indexOf('=');
        String name = (sign < 0 ? part : part.substring(0, sign)).strip().toLowerCase(Locale.ROOT);
        String text = sign < 0 ? "" : MediaType.unquoted(part.substring(sign + 1).strip());
        if (name.equals("q")) {
          weight = weight(text);
        } else if (!name.isEmpty()) {
          parameters.put(name, text);
        }
      }
      wishes.add(new Wish(value, parameters, weight, wishes.size()));
    }
    return wishes;
  }

  /** 0 to 1; what is no weight counts as not wanted. */
  private static double weight(String text) {
    try {
      double weight = Double.parseDouble(text);
      return weight >= 0 && weight <= 1 ? weight : weight > 1 ? 1 : 0;
    } catch (NumberFormatException none) {
      return 0;
    }
  }
}
