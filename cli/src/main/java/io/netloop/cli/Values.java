package io.netloop.cli;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What a user has given for the options of one command. Each method checks one: a value that will
 * not do is wrong usage, told in a sentence that names the option, the value and what may stand
 * there.
 */
final class Values {
  /** A name or an address: what it means, the system finds out. */
  private static final Pattern HOST = Pattern.compile("[^\\s/\\[\\]]+");

  private final CommandLine command;

  Values(CommandLine command) {
    this.command = command;
  }

  boolean flag(String option) {
    return Boolean.TRUE.equals(command.getCommandSpec().findOption(option).getValue());
  }

  /** The text as it is; null where the option is not given and has no default. */
  @Nullable String text(String option) {
    return command.getCommandSpec().findOption(option).getValue();
  }

  /** The value of an option of another type than text; null where it is not given. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // as picocli has it: the option knows its type
  <T> @Nullable T value(String option) {
    return command.getCommandSpec().findOption(option).getValue();
  }

  /** What stands between the commas; nothing where the option is not given. */
  List<String> list(String option) {
    String text = text(option);
    return text == null ? List.of() : List.of(text.split(",", -1));
  }

  int number(String option, int least, int most) {
    String text = given(option);
    // More digits are more than any limit; a sign is no digit.
    if (text.matches("[0-9]{1,10}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return (int) number;
      }
    }
    throw wrong(
        "%s must be a whole number from %d to %d, not '%s'".formatted(option, least, most, text));
  }

  Duration seconds(String option, int least, int most) {
    return Duration.ofSeconds(number(option, least, most));
  }

  Duration millis(String option, int least, int most) {
    return Duration.ofMillis(number(option, least, most));
  }

  String oneOf(String option, List<String> allowed) {
    String text = given(option);
    if (allowed.contains(text)) {
      return text;
    }
    throw wrong("%s must be %s, not '%s'".formatted(option, String.join(" or ", allowed), text));
  }

  String host(String option) {
    String text = given(option);
    if (HOST.matcher(text).matches()) {
      return text;
    }
    throw wrong(
        "%s must be a name or an address such as 127.0.0.1 or ::1, not '%s'"
            .formatted(option, text));
  }

  ParameterException wrong(String sentence) {
    return new ParameterException(command, sentence);
  }

  private String given(String option) {
    String text = text(option);
    return text == null ? "" : text;
  }
}
