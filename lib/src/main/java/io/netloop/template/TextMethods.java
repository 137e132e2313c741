package io.netloop.template;

import java.text.Collator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** The methods of String (ECMAScript 2023, 22.1.3 and B.2.2). */
final class TextMethods {
  static final Set<String> NAMES =
      Set.of(
          "at",
          "charAt",
          "charCodeAt",
          "codePointAt",
          "concat",
          "endsWith",
          "includes",
          "indexOf",
          "lastIndexOf",
          "localeCompare",
          "match",
          "normalize",
          "padEnd",
          "padStart",
          "repeat",
          "replace",
          "replaceAll",
          "search",
          "slice",
          "split",
          "startsWith",
          "substr",
          "substring",
          "toLowerCase",
          "toLocaleLowerCase",
          "toLocaleUpperCase",
          "toString",
          "toUpperCase",
          "trim",
          "trimEnd",
          "trimStart",
          "valueOf");

  private final Run run;
  private final String text;
  private final Object[] arguments;

  private TextMethods(Run run, String text, Object[] arguments) {
    this.run = run;
    this.text = text;
    this.arguments = arguments;
  }

  /** Calls one; null where there is none of that name. */
  static @Nullable Object call(Run run, String text, String name, Object[] arguments) {
    return NAMES.contains(name) ? new TextMethods(run, text, arguments).call(name) : null;
  }

  private Object call(String name) {
    return switch (name) {
      case "at" -> character(position(0) < 0 ? position(0) + text.length() : position(0), true);
      case "charAt" -> character(position(0), false);
      case "charCodeAt" -> {
        int at = position(0);
        yield at >= 0 && at < text.length() ? (Object) (int) text.charAt(at) : Double.NaN;
      }
      case "codePointAt" -> {
        int at = position(0);
        yield at >= 0 && at < text.length() ? text.codePointAt(at) : Nothing.UNDEFINED;
      }
      case "concat" -> {
        String all = text;
        for (Object argument : arguments) {
          all = Texts.concat(all, Values.text(argument));
        }
        yield all;
      }
      case "startsWith" -> text.startsWith(plain(name), clamp(integer(1, 0)));
      case "endsWith" -> text.substring(0, clamp(integer(1, text.length()))).endsWith(plain(name));
      case "includes" -> text.indexOf(plain(name), clamp(integer(1, 0))) >= 0;
      case "indexOf" -> text.indexOf(string(0), clamp(integer(1, 0)));
      case "lastIndexOf" -> {
        double from = given(1) ? Values.number(arguments[1]) : Double.NaN;
        yield text.lastIndexOf(string(0), Double.isNaN(from) ? text.length() : clamp((int) from));
      }
      case "localeCompare" ->
          Integer.signum(Collator.getInstance(Locale.ENGLISH).compare(text, string(0)));
      case "normalize" -> normalize();
      case "padStart" -> pad() + text;
      case "padEnd" -> text + pad();
      case "repeat" -> repeat();
      case "slice" -> {
        int from = relative(0, 0);
        int to = relative(1, text.length());
        yield from < to ? text.substring(from, to) : "";
      }
      case "substring" -> {
        int a = clamp(integer(0, 0));
        int b = clamp(integer(1, text.length()));
        yield text.substring(Math.min(a, b), Math.max(a, b));
      }
      case "substr" -> {
        int from = relative(0, 0);
        long end = (long) from + integer(1, text.length());
        yield end <= from ? "" : text.substring(from, (int) Math.min(end, text.length()));
      }
      case "toLowerCase", "toLocaleLowerCase" -> text.toLowerCase(Locale.ROOT);
      case "toUpperCase", "toLocaleUpperCase" -> text.toUpperCase(Locale.ROOT);
      case "trim" -> Texts.trim(text);
      case "trimStart" -> Texts.trimStart(text);
      case "trimEnd" -> Texts.trimEnd(text);
      case "split" -> split();
      case "match" -> match();
      case "search" -> {
        Matcher matcher = regex(0).matcher(text);
        yield matcher.find() ? matcher.start() : -1;
      }
      case "replace" -> replace(false);
      case "replaceAll" -> replace(true);
      default -> text;
    };
  }

  private boolean given(int index) {
    return index < arguments.length && arguments[index] != Nothing.UNDEFINED;
  }

  private String string(int index) {
    return Values.text(Functions.argument(arguments, index));
  }

  private String plain(String method) {
    if (Functions.argument(arguments, 0) instanceof Regex) {
      throw Failure.type(
          "First argument to String.prototype.%s must not be a regular expression"
              .formatted(method));
    }
    return string(0);
  }

  private int integer(int index, int otherwise) {
    return given(index) ? Values.integer(arguments[index]) : otherwise;
  }

  private int position(int index) {
    return integer(index, 0);
  }

  private int clamp(int at) {
    return Math.clamp(at, 0, text.length());
  }

  private int relative(int index, int otherwise) {
    int at = integer(index, otherwise);
    return at < 0 ? Math.max(0, at + text.length()) : Math.min(at, text.length());
  }

  private Object character(int at, boolean orUndefined) {
    if (at >= 0 && at < text.length()) {
      return Texts.character(text.charAt(at));
    }
    return orUndefined ? Nothing.UNDEFINED : "";
  }

  private String normalize() {
    String form = given(0) ? string(0) : "NFC";
    try {
      return Normalizer.normalize(text, Normalizer.Form.valueOf(form));
    } catch (IllegalArgumentException e) {
      throw Failure.range("The normalization form should be one of NFC, NFD, NFKC, NFKD.");
    }
  }

  private String pad() {
    String filler = given(1) ? string(1) : " ";
    long missing = (long) integer(0, 0) - text.length();
    if (missing <= 0 || filler.isEmpty()) {
      return "";
    }
    Texts.grow(missing + text.length());
    int count = (int) missing;
    return filler.repeat(count / filler.length()) + filler.substring(0, count % filler.length());
  }

  private String repeat() {
    double count = given(0) ? Values.number(arguments[0]) : 0;
    if (count < 0 || Double.isInfinite(count)) {
      throw Failure.range("Invalid count value: " + string(0));
    }
    long times = (long) count;
    Texts.grow(times * Math.max(1, text.length()));
    return text.repeat((int) times);
  }

  private List<Object> split() {
    Object separator = Functions.argument(arguments, 0);
    int limit = given(1) ? Values.integer(arguments[1]) : Integer.MAX_VALUE;
    List<Object> parts = new ArrayList<>();
    if (separator == Nothing.UNDEFINED) {
      parts.add(text);
    } else if (separator instanceof Regex regex) {
      split(regex, parts);
    } else {
      split(Values.text(separator), parts);
    }
    return limit >= 0 && limit < parts.size() ? new ArrayList<>(parts.subList(0, limit)) : parts;
  }

  private void split(String separator, List<Object> parts) {
    if (separator.isEmpty()) {
      for (int i = 0; i < text.length(); i++) {
        parts.add(Texts.character(text.charAt(i)));
      }
      return;
    }
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
  }

  private void split(Regex regex, List<Object> parts) {
    // Split looks everywhere, whatever the flags.
    Matcher matcher =
        (regex.isSticky() ? Globals.regex(regex.source, regex.flags.replace("y", "")) : regex)
            .matcher(text);
    if (text.isEmpty()) {
      if (!matcher.matches()) {
        parts.add("");
      }
      return;
    }
    int from = 0;
    while (matcher.find()) {
      if (matcher.start() >= text.length()) {
        break;
      }
      if (matcher.end() == matcher.start() && matcher.start() == from) {
        continue;
      }
      parts.add(text.substring(from, matcher.start()));
      for (int i = 1; i <= matcher.groupCount(); i++) {
        parts.add(Match.group(matcher, i));
      }
      from = matcher.end();
    }
    parts.add(text.substring(from));
  }

  private Regex regex(int index) {
    Object pattern = Functions.argument(arguments, index);
    if (pattern instanceof Regex regex) {
      return regex;
    }
    return Globals.regex(pattern == Nothing.UNDEFINED ? "(?:)" : Values.text(pattern), "");
  }

  private Object match() {
    Regex regex = regex(0);
    if (!regex.isGlobal()) {
      Object found = Methods.exec(regex, text);
      return found == null ? Nothing.NULL : found;
    }
    Matcher matcher = regex.matcher(text);
    List<Object> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(matcher.group());
    }
    return all.isEmpty() ? Nothing.NULL : all;
  }

  private String replace(boolean all) {
    Object pattern = Functions.argument(arguments, 0);
    Object with = Functions.argument(arguments, 1);
    StringBuilder out = new StringBuilder();
    int from = 0;
    if (pattern instanceof Regex regex) {
      if (all && !regex.isGlobal()) {
        throw Failure.type("String.prototype.replaceAll called with a non-global RegExp argument");
      }
      Matcher matcher = regex.matcher(text);
      while (matcher.find()) {
        out.append(text, from, matcher.start());
        replacement(out, with, matcher.start(), Match.of(matcher, text));
        from = matcher.end();
        if (!regex.isGlobal()) {
          break;
        }
      }
    } else {
      String searched = Values.text(pattern);
      int at = text.indexOf(searched);
      while (at >= 0) {
        out.append(text, from, at);
        replacement(out, with, at, List.of(searched));
        from = at + searched.length();
        if (!all || at == text.length()) {
          break;
        }
        at = text.indexOf(searched, searched.isEmpty() ? at + 1 : from);
      }
    }
    return out.append(text, from, text.length()).toString();
  }

  private void replacement(StringBuilder out, Object with, int at, List<Object> groups) {
    if (Functions.isFunction(with)) {
      Object[] values = Arrays.copyOf(groups.toArray(), groups.size() + 2);
      values[groups.size()] = at;
      values[groups.size() + 1] = text;
      out.append(Values.text(Functions.call(run, with, values)));
    } else {
      expand(out, Values.text(with), at, groups);
    }
    Texts.grow(out.length());
  }

  /** {@code $1}, {@code $&} and so on (22.1.3.19.1). */
  private void expand(StringBuilder out, String with, int at, List<Object> groups) {
    String match = Values.text(groups.getFirst());
    int i = 0;
    while (i < with.length()) {
      char c = with.charAt(i);
      char next = i + 1 < with.length() ? with.charAt(i + 1) : '\0';
      int used = 2;
      if (c != '$') {
        out.append(c);
        used = 1;
      } else {
        switch (next) {
          case '$' -> out.append('$');
          case '&' -> out.append(match);
          case '`' -> out.append(text, 0, at);
          case '\'' ->
              out.append(text, Math.min(text.length(), at + match.length()), text.length());
          case '<' -> used = named(out, with, i, groups);
          default -> used = 1 + group(out, with, i + 1, groups);
        }
      }
      i += used;
    }
  }

  /** {@code $<name>}; returns how many characters were used. */
  private static int named(StringBuilder out, String with, int at, List<Object> groups) {
    int end = with.indexOf('>', at);
    if (end < 0 || !(groups instanceof Match match && match.groups() instanceof Map<?, ?> all)) {
      out.append("$<");
      return 2;
    }
    Object group = Properties.get(all, with.substring(at + 2, end));
    out.append(Values.isNothing(group) ? "" : group);
    return end + 1 - at;
  }

  /** {@code $1} to {@code $99}; returns how many digits were used, with none a bare dollar sign. */
  private static int group(StringBuilder out, String with, int at, List<Object> groups) {
    int digits = groupDigits(with, at, groups.size() - 1);
    if (digits == 0) {
      out.append('$');
    } else {
      Object group = groups.get(Integer.parseInt(with.substring(at, at + digits)));
      out.append(group == Nothing.UNDEFINED ? "" : group);
    }
    return digits;
  }

  private static int groupDigits(String with, int at, int groups) {
    for (int count = 2; count > 0; count--) {
      if (at + count <= with.length()) {
        String digits = with.substring(at, at + count);
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
          int number = Integer.parseInt(digits);
          if (number >= 1 && number <= groups) {
            return count;
          }
        }
      }
    }
    return 0;
  }
}
