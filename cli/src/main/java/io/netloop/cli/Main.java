package io.netloop.cli;

import io.netloop.loop.Loop;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The command line's entry: {@code chat}, {@code join}, {@code serve} and {@code cert}; the
 * launcher does the rest.
 */
public final class Main {
  private static final String NAME = "./netloop";
  private static final List<String> COMMANDS = List.of("chat", "join", "serve", "cert");
  private static final String STALL_MILLIS = "netloop.stallMillis";

  private Main() {}

  /** Runs one command and ends the program with its status. */
  public static void main(String[] args) {
    // Java itself takes its time at a start, and a talk is no place for warnings about that.
    System.setProperty(STALL_MILLIS, System.getProperty(STALL_MILLIS, "1000"));
    // Reading the options and starting the loop take about as long: they do it side by side.
    Thread.ofPlatform().daemon().start(Loop::current);
    boolean training = args.length == 1 && args[0].equals("--train");
    System.exit(training ? Training.run() : commandLine(args).execute(rest(args)));
  }

  /** The named command alone, since building one takes time; all of them where none is named. */
  static CommandLine commandLine(String... args) {
    return switch (args.length == 0 ? "" : args[0]) {
      case "chat" -> new ChatCommand(NAME + " chat").line();
      case "join" -> new JoinCommand(NAME + " join").line();
      case "serve" -> new ServeCommand(NAME + " serve").line();
      case "cert" -> new CertCommand(NAME + " cert").line();
      default -> overview();
    };
  }

  /** What {@link #commandLine} is to execute. */
  static String[] rest(String... args) {
    boolean named = args.length > 0 && COMMANDS.contains(args[0]);
    return named ? Arrays.copyOfRange(args, 1, args.length) : args;
  }

  private static CommandLine overview() {
    CommandSpec spec =
        Usage.describe(
            CommandSpec.create().name(NAME), "Network programs for Java, written as for Node.");
    spec.addSubcommand("chat", new ChatCommand("chat").line());
    spec.addSubcommand("join", new JoinCommand("join").line());
    spec.addSubcommand("serve", new ServeCommand("serve").line());
    spec.addSubcommand("cert", new CertCommand("cert").line());
    return Usage.line(spec);
  }
}
