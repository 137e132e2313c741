package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.chat.ChatClient;
import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.Discovery;
import io.netloop.chat.FoundRoom;
import io.netloop.chat.RoomFinder;
import io.netloop.loop.Loop;
import io.netloop.loop.Stdio;
import io.netloop.tls.TlsOptions;
import java.io.Console;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ./netloop join}: joins a chat room, in a terminal or over pipes. */
final class JoinCommand implements Callable<Integer> {
  private static final String TARGET = "HOST[:PORT]";

  /** So long rooms are waited for, if none is heard before. */
  private static final Duration SEARCH = Duration.ofSeconds(1);

  /** A host, or an IPv6 address in brackets, and perhaps a port. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([^\\s\\[\\]]+)]|([^\\s:/\\[\\]]+))(?::([0-9]{1,5}))?");

  private final CommandLine line;
  private final Values values;

  JoinCommand(String name) {
    line =
        Usage.line(
            DiscoveryOptions.add(
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
                            .description(
                                "Where the room is; the port is 3000 by default. IPv6: [::1]:3000."
                                    + " Without it rooms are looked for on the network for a second:"
                                    + " the only one is joined, of several you choose (with pipes they"
                                    + " are listed, and none is joined), and if there is none, it is on"
                                    + " this machine.")
                            .build())
                    .addOption(
                        option("--nick", "NAME", null, "The nickname; without it you are asked."))
                    .addOption(
                        flag(
                            "--no-reconnect",
                            "Leave when the connection is lost. Otherwise it is made again; with pipes"
                                + " never."))
                    .addOption(
                        flag(
                            "--tls",
                            "The room is encrypted: with a certificate for HOST of an authority that"
                                + " Java knows, or of your local one (./netloop cert)."))
                    .addOption(
                        option(
                            "--ca",
                            "FILE",
                            null,
                            "With --tls: trust the authorities in this PEM file, and no others."))
                    .addOption(
                        flag(
                            "--insecure",
                            "With --tls: do not check who the server is. Anybody in between can then"
                                + " read and change everything."))
                    .addOption(
                        option(
                            "--lang",
                            "LANG",
                            "zh",
                            "The language of what is not said by others, zh or en"
                                + " (${DEFAULT-VALUE})."))));
    values = new Values(line);
  }

  CommandLine line() {
    return line;
  }

  @Override
  public Integer call() {
    ChatClientOptions named = target(line.getCommandSpec().positionalParameters().getFirst());
    TlsOptions tls = new TlsTrust(values).options();
    if (tls != null && named == null) {
      throw values.wrong("--tls needs HOST: encrypted rooms are not announced");
    }
    Discovery discovery = DiscoveryOptions.of(values);
    String nickname = nickname();
    Texts texts = Texts.in(values.oneOf("--lang", List.of("zh", "en")));
    Terminal terminal = isTerminal() ? TerminalScreen.system() : null;
    ChatClientOptions target = named != null ? named : choose(discovery, texts, terminal);
    if (target == null) {
      return 0; // the user has left
    }
    ChatClientOptions options =
        target.withTls(tls).withReconnect(terminal != null && !values.flag("--no-reconnect"));
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Screen screen = screen(terminal, texts);
    Loop.current().execute(() -> new Talk(options, nickname, texts, screen, status));
    return status.join();
  }

  private @Nullable ChatClientOptions choose(
      Discovery discovery, Texts texts, @Nullable Terminal terminal) {
    List<FoundRoom> rooms = RoomFinder.search(discovery, SEARCH).join();
    return terminal == null
        ? new RoomChoice(texts, line.getErr()).alone(rooms)
        : new RoomChoice(texts, terminal.writer())
            .asked(rooms, question -> answer(terminal, question));
  }

  /** A line that is typed in a terminal; null at Ctrl-C and Ctrl-D. */
  private static @Nullable String answer(Terminal terminal, String question) {
    try {
      return LineReaderBuilder.builder()
          .terminal(terminal)
          .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
          .build()
          .readLine(question);
    } catch (EndOfFileException | UserInterruptException left) {
      return null;
    }
  }

  private static Screen screen(@Nullable Terminal terminal, Texts texts) {
    if (terminal == null) {
      return new PipeScreen(Stdio.stdin(), Stdio.stdout(), Stdio.stderr(), texts.askName());
    }
    // https://no-color.org
    String noColor = System.getenv("NO_COLOR");
    boolean colours = noColor == null || noColor.isEmpty();
    return new TerminalScreen(terminal, texts.askName(), colours);
  }

  /**
   * Whether both standard input and output are one. JDK 25 returns null again where they are not.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** What the user has named; null for nothing. */
  private @Nullable ChatClientOptions target(PositionalParamSpec parameter) {
    String given = parameter.getValue();
    if (given == null) {
      return null;
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
