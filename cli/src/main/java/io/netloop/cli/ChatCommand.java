package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.chat.Announcer;
import io.netloop.chat.ChatOptions;
import io.netloop.chat.ChatServer;
import io.netloop.chat.Discovery;
import io.netloop.chat.Harmless;
import io.netloop.chat.RoomOptions;
import io.netloop.chat.WebOptions;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.Admission;
import io.netloop.net.Capture;
import io.netloop.net.HostPort;
import io.netloop.tls.TlsOptions;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code ./netloop chat}: opens the chat room, and closes it politely when asked to stop. */
final class ChatCommand implements Callable<Integer> {
  private static final int MANY = 1_000_000;
  private static final int DAY = 86_400;
  private static final Duration CLOSING_TIME = Duration.ofSeconds(5);

  /** With what the shell says of a program that Ctrl-C ended. */
  private static final int INTERRUPTED = 130;

  private final CommandLine line;
  private final Values values;
  private final TlsChoice tls;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private boolean stopping;

  ChatCommand(String name) {
    ChatOptions server = ChatOptions.defaults();
    RoomOptions room = server.room();
    line =
        Usage.line(
            DiscoveryOptions.add(
                TlsChoice.add(
                    Usage.command(
                            name,
                            "Open a chat room. Ctrl-C closes it: everybody is told and ended.",
                            this)
                        .addOption(
                            option(
                                "--host",
                                "HOST",
                                server.host(),
                                "The address to listen on (${DEFAULT-VALUE}, which only this machine"
                                    + " reaches). 0.0.0.0 opens the room to the network."))
                        .addOption(
                            option(
                                "--port",
                                "PORT",
                                "" + server.port(),
                                "The TCP port, 0 to 65535 (${DEFAULT-VALUE}). With 0 the system chooses"
                                    + " one."))
                        .addOption(
                            option(
                                "--web-port",
                                "PORT",
                                null,
                                "The port of the page for browsers, 0 to 65535 (8080; with TLS 8443,"
                                    + " with --acme 443). With 0 the system chooses one."))
                        .addOption(flag("--no-web", "Do not serve the room to browsers."))
                        .addOption(
                            option(
                                "--origin",
                                "ORIGIN[,ORIGIN...]",
                                null,
                                "Whose pages may join, such as https://chat.example.org. Without it those"
                                    + " of the host that the browser has asked."))
                        .addOption(
                            option(
                                "--trust-proxy",
                                "ADDRESS[,ADDRESS...]",
                                null,
                                "Proxies that are believed whom they speak for (X-Forwarded-For), such as"
                                    + " 127.0.0.1 or 10.0.0.0/8. Without it nobody is."))
                        .addOption(
                            flag(
                                "--access-log",
                                "Log each request of a browser, on standard error."))
                        .addOption(
                            flag(
                                "--no-announce",
                                "Do not announce the room. Otherwise one that is open to the network says"
                                    + " there each second that it is, so that ./netloop join finds it;"
                                    + " one with TLS does not."))
                        .addOption(
                            option(
                                "--name",
                                "NAME",
                                ownName(),
                                "What the room is announced as, 1 to 64 visible characters"
                                    + " (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--lang",
                                "LANG",
                                Banner.language(Locale.getDefault()),
                                "The language of what is printed at the start, zh or en (that of the"
                                    + " system: ${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--max-users",
                                "USERS",
                                "" + room.maxUsers(),
                                "How many may be logged in, 1 to 1000000 (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--max-message",
                                "BYTES",
                                "" + room.maxMessageBytes(),
                                "How long a message may be, 64 to 16777216 bytes (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--rate",
                                "MESSAGES",
                                "" + room.messagesPerSecond(),
                                "How many messages one user may send per second, 1 to 1000000"
                                    + " (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--burst",
                                "MESSAGES",
                                "" + room.burst(),
                                "How many of them at once, 1 to 1000000 (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--queue",
                                "BYTES",
                                "" + server.maxQueuedBytes(),
                                "How much may wait for a user who reads slowly, 1024 to 1073741824 bytes"
                                    + " (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--max-connections",
                                "CONNECTIONS",
                                "" + server.admission().total(),
                                "How many connections there may be, 1 to 1000000 (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--per-address",
                                "CONNECTIONS",
                                "" + server.admission().perAddress(),
                                "How many connections one address may hold, 1 to 1000000"
                                    + " (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--per-network",
                                "CONNECTIONS",
                                "" + server.admission().perPrefix(),
                                "How many connections one network may hold, 24 bits of IPv4 or 64 of IPv6,"
                                    + " 1 to 1000000 (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--per-second",
                                "CONNECTIONS",
                                "" + server.admission().perSecond(),
                                "How many may connect per second, 1 to 1000000 (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--workers",
                                "LOOPS",
                                "" + server.workers(),
                                "On how many loops the connections are, 1 to 1024 (${DEFAULT-VALUE}). With"
                                    + " more than one the room has a loop to itself."))
                        .addOption(
                            option(
                                "--login-timeout",
                                "SECONDS",
                                "" + server.loginTimeout().toSeconds(),
                                "How long a connection may stay without logging in, 1 to 86400 seconds"
                                    + " (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--idle-timeout",
                                "SECONDS",
                                "" + server.idleTimeout().toSeconds(),
                                "How long a connection may be silent, 0 to 2592000 seconds"
                                    + " (${DEFAULT-VALUE}); 0 is as long as it likes."))
                        .addOption(
                            option(
                                "--legacy-gap",
                                "MILLISECONDS",
                                "" + server.legacyGap().toMillis(),
                                "The least time between two messages to a client that sends no line ends,"
                                    + " 0 to 1000 ms (${DEFAULT-VALUE})."))
                        .addOption(
                            option(
                                "--pcap",
                                "FILE",
                                null,
                                "Write what all connections say to this file, for Wireshark to open; one"
                                    + " that exists is emptied.")))));
    values = new Values(line);
    tls = new TlsChoice(values);
  }

  CommandLine line() {
    return line;
  }

  /** A name for a room that was given none. */
  private static String ownName() {
    String name = System.getProperty("user.name", "") + "'s room";
    return Announcer.isName(name) ? name : "A chat room";
  }

  /**
   * The room as it is open.
   *
   * @param announcer makes it known, or null
   */
  private record OpenRoom(ChatServer server, @Nullable Announcer announcer) {
    CompletableFuture<?> close() {
      // Nobody is to find a room that sends everybody away.
      CompletableFuture<?> silent =
          announcer == null ? CompletableFuture.completedFuture(null) : announcer.stop();
      return silent.thenCompose(nothing -> server.stop(CLOSING_TIME));
    }
  }

  @Override
  public Integer call() {
    ChatOptions options = options();
    Capture capture = options.capture();
    try {
      return open(options);
    } finally {
      if (capture != null) {
        capture.close().completeOnTimeout(null, CLOSING_TIME.toSeconds(), TimeUnit.SECONDS).join();
      }
    }
  }

  private int open(ChatOptions options) {
    Discovery discovery = DiscoveryOptions.of(values);
    String name = name();
    Banner banner = Banner.in(values.oneOf("--lang", List.of("zh", "en")));
    PrintWriter out = line.getOut();
    CompletableFuture<OpenRoom> open = new CompletableFuture<>();
    Loop.current()
        .execute(() -> {
          ChatServer server = new ChatServer(options);
          server
              .onListening(address -> {
                Announcer announcer = announcer(discovery, name, address, server);
                banner
                    .lines(
                        new Banner.Place(address, tls.name(options.tls(), address.host())),
                        server.webAddress(),
                        announcer == null ? null : name)
                    .forEach(out::println);
                out.flush();
                open.complete(new OpenRoom(server, announcer));
              })
              .onError(error -> status.completeExceptionally(advised(error, options)))
              .start();
        });
    Runnable stop = () -> stop(open, banner, out);
    List.of("INT", "TERM", "HUP").forEach(signal -> Signals.register(signal, stop));
    return status.join();
  }

  /** Makes the room known where those who hear of it can join it. */
  private @Nullable Announcer announcer(
      Discovery discovery, String name, HostPort address, ChatServer server) {
    // It would be found by its address, for which no certificate is.
    if (tls.isOn() || values.flag("--no-announce") || !Announcer.canReach(discovery, address)) {
      return null;
    }
    return new Announcer(discovery, name, address, server::users).start();
  }

  /** At the first signal politely, at the second at once. */
  private synchronized void stop(CompletableFuture<OpenRoom> open, Banner banner, PrintWriter out) {
    if (stopping) {
      status.complete(INTERRUPTED);
      return;
    }
    stopping = true;
    out.println(banner.closing());
    out.flush();
    open.thenCompose(OpenRoom::close).thenRun(() -> status.complete(0));
  }

  private String name() {
    String name = String.valueOf(values.text("--name"));
    if (Announcer.isName(name)) {
      return name;
    }
    throw values.wrong(
        "--name must be 1 to 64 visible characters, not '%s'".formatted(Harmless.text(name)));
  }

  private ChatOptions options() {
    RoomOptions room =
        RoomOptions.defaults()
            .withMaxUsers(values.number("--max-users", 1, MANY))
            .withMaxMessageBytes(values.number("--max-message", 64, 1 << 24))
            .withMessagesPerSecond(values.number("--rate", 1, MANY))
            .withBurst(values.number("--burst", 1, MANY));
    ChatOptions plain =
        ChatOptions.defaults()
            .withHost(values.host("--host"))
            .withPort(values.number("--port", 0, 65_535))
            .withMaxQueuedBytes(values.number("--queue", 1024, 1 << 30))
            .withAdmission(
                new Admission.Limits(
                    values.number("--max-connections", 1, MANY),
                    values.number("--per-address", 1, MANY),
                    values.number("--per-network", 1, MANY),
                    values.number("--per-second", 1, MANY)))
            .withWorkers(values.number("--workers", 1, 1024))
            .withLoginTimeout(values.seconds("--login-timeout", 1, DAY))
            .withIdleTimeout(values.seconds("--idle-timeout", 0, 30 * DAY))
            .withLegacyGap(values.millis("--legacy-gap", 0, 1_000))
            .withRoom(room)
            .withCapture(capture());
    WebOptions web = web();
    TlsOptions encrypted = tls.options(values.host("--host")); // Last: it may make files.
    if (web != null) {
      web = web.withStrictTransport(tls.isForGood(encrypted));
    }
    return plain.withWeb(web).withTls(encrypted);
  }

  private @Nullable WebOptions web() {
    int port =
        values.text("--web-port") == null
            ? tls.defaultWebPort()
            : values.number("--web-port", 0, 65_535);
    if (port != 0 && port == values.number("--port", 0, 65_535) && !values.flag("--no-web")) {
      throw values.wrong("--web-port must be another port than --port, not '" + port + "'");
    }
    List<String> origins = values.list("--origin");
    for (String origin : origins) {
      if (!WebOptions.isOrigin(origin)) {
        throw values.wrong(
            "--origin must be like https://chat.example.org, not '%s'"
                .formatted(Harmless.text(String.join(",", origins))));
      }
    }
    WebOptions web =
        WebOptions.defaults()
            .withPort(port)
            .withOrigins(Set.copyOf(origins))
            .withRedirectPort(tls.redirectPort())
            .withAccessLog(values.flag("--access-log"));
    List<String> proxies = values.list("--trust-proxy");
    try {
      web = web.withTrustedProxies(proxies);
    } catch (NetException invalid) {
      throw values.wrong(
          "--trust-proxy must be addresses such as 127.0.0.1 or 10.0.0.0/8, not '%s'"
              .formatted(Harmless.text(String.join(",", proxies))));
    }
    return values.flag("--no-web") ? null : web;
  }

  private @Nullable Capture capture() {
    String file = values.text("--pcap");
    try {
      return file == null ? null : Capture.to(Path.of(file));
    } catch (InvalidPathException wrong) {
      throw values.wrong(
          "--pcap must be the path of a file, not '%s'".formatted(Harmless.text(file)));
    }
  }

  /** The error, with what one can do about it. */
  private static NetException advised(NetException error, ChatOptions options) {
    WebOptions web = options.web();
    boolean isRedirect = web != null && Objects.equals(web.redirectPort(), error.port());
    boolean isWeb = web != null && Objects.equals(web.port(), error.port());
    String port = isWeb ? "--web-port" : isRedirect ? "--redirect-port" : "--port";
    String advice =
        switch (error.code()) {
          case "EADDRINUSE" ->
              ". Stop that one, or choose another port with "
                  + port
                  + (isWeb ? "; --no-web does without." : ".");
          case "ERR_WORKER_FAILED" -> ". Choose fewer with --workers.";
          case "EACCES" -> ". Choose a port above 1023 with " + port + ".";
          default -> ". Choose another address with --host.";
        };
    return new NetException(error.code(), error.getMessage() + advice, error);
  }
}
