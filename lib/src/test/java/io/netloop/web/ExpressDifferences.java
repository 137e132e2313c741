package io.netloop.web;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where we answer otherwise than Express, and why: the manual has the table. */
final class ExpressDifferences {
  private static final Pattern MESSAGE = Pattern.compile("(?s)<pre>.*?</pre>");
  private static final Pattern LENGTH_AND_TAG = Pattern.compile("(?m)^(content-length|etag): .*\n");

  /**
   * One of them.
   *
   * @param what Express does
   * @param ours what we do
   * @param where which questions show it
   * @param mask applied to both answers
   * @param change applied to theirs, which is ours then
   */
  private record Difference(
      String what,
      String ours,
      Predicate<Question> where,
      UnaryOperator<String> mask,
      UnaryOperator<String> change) {}

  private static final List<Difference> ALL =
      List.of(
          new Difference(
              "The page of an error shows the phrase of the status alone",
              "For 400 to 499 it shows the error's sentence: it is the client's to mend, and it can",
              question -> true,
              ExpressDifferences::withoutMessage,
              theirs -> theirs),
          new Difference(
              "Names such as `__proto__` are dropped from cookies and forms",
              "They are names as any",
              question -> question.toString().contains("__proto__"),
              ExpressDifferences::withoutLength,
              theirs ->
                  theirs
                      .replace(
                          "{\"body\":{\"x\":\"2\"}}",
                          "{\"body\":{\"__proto__\":\"1\",\"x\":\"2\"}}")
                      .replaceFirst("\n\n\\{}$", "\n\n{\"__proto__\":\"1\"}")),
          new Difference(
              "With npm's cookie-parser a signed cookie is in `signedCookies` only",
              "`cookies()` has all that came; `signedCookie(name)` says whether one is ours",
              question ->
                  question.target().equals("/cookies") && question.toString().contains("s=s"),
              answer -> answer.substring(0, answer.indexOf("\n")),
              theirs -> theirs),
          new Difference(
              "A form's field without a name is dropped, and a bracket has a meaning in names",
              "The name is empty, and brackets are characters as any, as in queries",
              question ->
                  question.toString().contains("x-www-form-urlencoded")
                      && (question.body().startsWith("=") || question.body().startsWith("[")),
              answer -> answer.substring(0, answer.indexOf("\n")),
              theirs -> theirs),
          new Difference(
              "A number of JSON such as `1.5e3` is written back as `1500`",
              "It is a `Double`, and written back as `1500.0`",
              question -> question.body().contains("1.5e3"),
              ExpressDifferences::withoutLength,
              theirs -> theirs.replace("1500", "1500.0")),
          new Difference(
              "npm's cors takes every OPTIONS for a preflight, and tells methods and headers to "
                  + "origins that may not come",
              "A preflight has `Origin` and `Access-Control-Request-Method`; an origin that may not "
                  + "come is told nothing, and which headers are exposed stands in no preflight",
              question -> question.app().startsWith("cors"),
              answer -> answer.startsWith("204") || answer.contains("options") ? "OPTIONS" : answer,
              theirs ->
                  theirs.contains("access-control-allow-origin")
                      ? theirs
                      : theirs.replaceAll("(?m)^access-control.*\n", "")),
          new Difference(
              "npm's compression leaves a strong `ETag` as it is",
              "It becomes a weak one: the bytes are others (RFC 9110 §8.8.1)",
              question -> question.target().equals("/strong"),
              answer -> answer,
              theirs ->
                  theirs.contains("content-encoding")
                      ? theirs.replace("etag: \"s\"", "etag: W/\"s\"")
                      : theirs));

  private ExpressDifferences() {}

  private static String withoutMessage(String answer) {
    boolean isError = answer.startsWith("4") && answer.contains("default-src 'none'");
    boolean isLost = answer.startsWith("404");
    return isError && !isLost
        ? LENGTH_AND_TAG.matcher(MESSAGE.matcher(answer).replaceAll("<pre>…</pre>")).replaceAll("")
        : answer;
  }

  private static String withoutLength(String answer) {
    return LENGTH_AND_TAG.matcher(answer).replaceAll("");
  }

  /** An answer, without what differs by intent. */
  static String mask(Question question, String answer) {
    String masked = answer;
    for (Difference difference : ALL) {
      if (difference.where.test(question)) {
        masked = difference.mask.apply(masked);
      }
    }
    return masked;
  }

  /** What Express says, as we would. */
  static String change(Question question, String theirs) {
    String changed = theirs;
    for (Difference difference : ALL) {
      if (difference.where.test(question)) {
        changed = difference.change.apply(changed);
      }
    }
    return changed;
  }

  /** For the manual. */
  static String table() {
    return "| Express | Netloop |\n|---|---|\n"
        + ALL.stream()
            .map(difference -> "| %s | %s |".formatted(difference.what, difference.ours))
            .collect(Collectors.joining("\n"));
  }
}
