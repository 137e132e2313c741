package io.netloop.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What all commands have in common: {@code --help} and {@code --debug}, the exit status, and
 * sentences for what goes wrong.
 *
 * <p>The commands are built by calls and not by annotations, because looking for those takes a
 * tenth of a second at each start.
 */
final class Usage {
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private static final String DEBUG = "--debug";

  private Usage() {}

  /** A command that has {@code --help} and {@code --debug} so far. */
  static CommandSpec command(String name, String description, Callable<Integer> action) {
    return describe(CommandSpec.wrapWithoutInspection(action).name(name), description);
  }

  /** Adds to a command what all commands have. */
  static CommandSpec describe(CommandSpec command, String description) {
    command
        .usageMessage()
        .description(description)
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .parameterListHeading("%n")
        .optionListHeading("%n")
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(exitCodes());
    return command
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this and exit.")
                .build())
        .addOption(
            OptionSpec.builder(DEBUG)
                .type(boolean.class)
                .description("Show the stack trace of a failure.")
                .build());
  }

  /** An option with a value, which {@link Values} checks. */
  static OptionSpec option(
      String name, String label, @Nullable String defaultValue, String... description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .defaultValue(defaultValue)
        .description(description)
        .build();
  }

  /** An option that is given or not. */
  static OptionSpec flag(String name, String... description) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  /** A command line that tells what goes wrong in our words. */
  static CommandLine line(CommandSpec command) {
    return new CommandLine(command)
        .setParameterExceptionHandler(Usage::wrongUsage)
        .setExecutionExceptionHandler(Usage::failed);
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", "Done.");
    codes.put("1", "Failed; a sentence on standard error says why.");
    codes.put("2", "Wrong usage; a sentence on standard error says which.");
    return codes;
  }

  private static int wrongUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    command
        .getErr()
        .printf(
            "netloop: %s (%s --help).%n",
            sentence(wrong), command.getCommandSpec().qualifiedName());
    command.getErr().flush();
    return WRONG_USAGE;
  }

  private static String sentence(ParameterException wrong) {
    return switch (wrong) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      case MissingParameterException missing ->
          missing.getMissing().isEmpty()
              ? String.valueOf(missing.getMessage())
              : name(missing.getMissing().getFirst()) + " needs a value";
      case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice";
      default -> String.valueOf(wrong.getMessage());
    };
  }

  private static String unmatched(UnmatchedArgumentException wrong) {
    String first = wrong.getUnmatched().getFirst();
    List<String> similar = wrong.getSuggestions();
    String instead = similar.isEmpty() ? "" : "; similar is " + String.join(" or ", similar);
    return first.startsWith("-")
        ? "there is no option " + first + instead
        : "nothing is known about '" + first + "'" + instead;
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static int failed(Exception failure, CommandLine command, ParseResult result) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    PrintWriter err = command.getErr();
    err.println("netloop: " + (cause.getMessage() == null ? cause : cause.getMessage()));
    if (new Values(command).flag(DEBUG)) {
      cause.printStackTrace(err);
    }
    err.flush();
    return FAILED;
  }
}
