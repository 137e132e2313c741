package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.chat.ChatClient;
import io.netloop.chat.ChatClientOptions;
import io.netloop.loop.Loop;
import io.netloop.loop.Stdio;
import java.io.Console;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ./netloop join}: joins a chat room, in a terminal or over pipes. */
final class JoinCommand implements Callable<Integer> {
  private static final String TARGET = "HOST[:PORT]";

  /** A host, or an IPv6 address in brackets, and perhaps a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([^\\s\\[\\]]+)]|([^\\s:/\\[\\]]+))(?::([0-9]{1,5}))?");

  private final CommandLine line;
  private final Values values;

  JoinCommand(String name) {
    line =
        Usage.line(
            Usage.command(
                    name,
                    "Join a chat room. A line goes to all; a line such as '@ann hello' to ann"
                        + " alone. /help tells more; Ctrl-D, Ctrl-C and /quit leave.%n"
                        + "With pipes it says what comes in line by line and prints what it hears,"
                        + " without colours, until the input ends.",
                    this)
                .addPositional(
                    PositionalParamSpec.builder()
                        .paramLabel(TARGET)
                        .arity("0..1")
                        .type(String.class)
                        .description("Where the room is (127.0.0.1:3000). IPv6: [::1]:3000.")
                        .build())
                .addOption(
                    option("--nick", "NAME", null, "The nickname; without it you are asked."))
                .addOption(
                    flag(
                        "--no-reconnect",
                        "Leave when the connection is lost. Otherwise it is made again; with pipes"
                            + " never."))
                .addOption(
                    option(
                        "--lang",
                        "LANG",
                        "zh",
                        "The language of what is not said by others, zh or en"
                            + " (${DEFAULT-VALUE}).")));
    values = new Values(line);
  }

  CommandLine line() {
    return line;
  }

  @Override
  public Integer call() {
    ChatClientOptions target = target(line.getCommandSpec().positionalParameters().getFirst());
    String nickname = nickname();
    Texts texts = Texts.in(values.oneOf("--lang", List.of("zh", "en")));
    boolean terminal = isTerminal();
    ChatClientOptions options = target.withReconnect(terminal && !values.flag("--no-reconnect"));
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Screen screen = screen(terminal, texts);
    Loop.current().execute(() -> new Talk(options, nickname, texts, screen, status));
    return status.join();
  }

  private static Screen screen(boolean terminal, Texts texts) {
    if (!terminal) {
      return new PipeScreen(Stdio.stdin(), Stdio.stdout(), Stdio.stderr(), texts.askName());
    }
    // https://no-color.org
    String noColor = System.getenv("NO_COLOR");
    boolean colours = noColor == null || noColor.isEmpty();
    return new TerminalScreen(TerminalScreen.system(), texts.askName(), colours);
  }

  /**
   * Whether both standard input and output are one. JDK 25 returns null again where they are not.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private ChatClientOptions target(PositionalParamSpec parameter) {
    String given = parameter.getValue();
    if (given == null) {
      return ChatClientOptions.defaults();
    }
    Matcher address = ADDRESS.matcher(given);
    if (!address.matches()) {
      throw values.wrong(
          "%s must be like 127.0.0.1, chat.example.org:3000 or [::1]:3000, not '%s'"
              .formatted(TARGET, given));
    }
    String host = address.group(1) == null ? address.group(2) : address.group(1);
    ChatClientOptions options = ChatClientOptions.defaults().withHost(host);
    if (address.group(3) == null) {
      return options;
    }
    int port = Integer.parseInt(address.group(3));
    if (port < 1 || port > 65_535) {
      throw values.wrong(
          "the port in %s must be from 1 to 65535, not '%s'".formatted(TARGET, given));
    }
    return options.withPort(port);
  }

  private @Nullable String nickname() {
    String nickname = values.text("--nick");
    if (nickname != null && !ChatClient.isNickname(nickname)) {
      throw values.wrong(
          "--nick must be 1 to 32 characters, without blanks and with no @ at the start, not '%s'"
              .formatted(nickname));
    }
    return nickname;
  }
}
