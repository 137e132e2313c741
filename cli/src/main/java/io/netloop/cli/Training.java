package io.netloop.cli;

import io.netloop.chat.Announcer;
import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.ChatOptions;
import io.netloop.chat.ChatServer;
import io.netloop.chat.Discovery;
import io.netloop.chat.RoomFinder;
import io.netloop.chat.WebOptions;
import io.netloop.http.Http;
import io.netloop.loop.Loop;
import io.netloop.loop.Stdio;
import io.netloop.net.HostPort;
import io.netloop.ws.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;

/**
 * Runs once after a build: what Java loads here comes out of the AOT cache at every later start. It
 * does what the commands do, on a port of its own and in a terminal that is none.
 */
final class Training {
  private static final List<String> TYPED = List.of("ann", "hello", "@ann hello", "/help", "/quit");
  private static final Pattern PART = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"");
  private static final int SECONDS = 10;

  /** Nothing of it leaves this machine. */
  private static final Discovery DISCOVERY = Discovery.defaults().withVia("127.0.0.1");

  private Training() {}

  /** A short talk of two, and a browser's visit; returns the exit status. */
  static int run() {
    readTheManual();
    CompletableFuture<Integer> done = new CompletableFuture<>();
    Terminal terminal = terminal(String.join("\r", TYPED) + "\r");
    Loop.current().execute(() -> open(terminal, done));
    return done.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  private static void open(Terminal terminal, CompletableFuture<Integer> done) {
    ChatServer server =
        new ChatServer(
            ChatOptions.defaults().withPort(0).withWeb(WebOptions.defaults().withPort(0)));
    server
        .onListening(address -> {
          Banner.EN.lines(new Banner.Place(address, null), server.webAddress(), "training");
          Announcer announcer =
              new Announcer(DISCOVERY, "training", address, server::users).start();
          RoomFinder.search(DISCOVERY, Duration.ofSeconds(1))
              .thenRun(announcer::stop)
              .thenCompose(found -> talk(terminal, address))
              .thenCompose(talked -> visit(String.valueOf(server.webAddress())))
              .thenRun(() -> server.stop(Duration.ofSeconds(1)))
              .thenRun(() -> done.complete(0));
        })
        .onError(done::completeExceptionally)
        .start();
  }

  /** One sits at a terminal; the other has pipes, of which the input has ended already. */
  private static CompletableFuture<Void> talk(Terminal terminal, HostPort room) {
    ChatClientOptions options = ChatClientOptions.defaults().withPort(room.port());
    CompletableFuture<Integer> typed = new CompletableFuture<>();
    CompletableFuture<Integer> piped = new CompletableFuture<>();
    Screen pipes = new PipeScreen(Stdio.stdin(), Stdio.stdout(), Stdio.stderr(), "");
    new Talk(options, "bob", Texts.ZH, pipes, piped);
    new Talk(options, null, Texts.ZH, new TerminalScreen(terminal, "", true), typed);
    return CompletableFuture.allOf(typed, piped);
  }

  /** What a browser does: it asks for the page and its parts, logs in, and is heard. */
  private static CompletableFuture<Void> visit(String site) {
    CompletableFuture<Void> left = new CompletableFuture<>();
    return Http.fetch("http://" + site + "/")
        .thenCompose(page -> parts(site, page.text()))
        .thenCompose(loaded -> {
          WebSocket socket = new WebSocket("ws://" + site + "/ws");
          socket.onOpen(event -> {
            socket.send("{\"type\":\"login\",\"nickname\":\"cat\"}");
            socket.send("{\"type\":\"broadcast\",\"message\":\"hello\"}");
          });
          socket.onMessage(event -> {
            if (event.text().contains("hello")) {
              socket.close();
            }
          });
          socket.onClose(event -> left.complete(null));
          return left;
        });
  }

  private static CompletableFuture<Void> parts(String site, String page) {
    return CompletableFuture.allOf(
        PART.matcher(page)
            .results()
            .map(part -> Http.fetch("http://" + site + part.group(1)))
            .toArray(CompletableFuture[]::new));
  }

  /** A terminal in which this is typed; its input doesn't end, as no terminal's does. */
  private static Terminal terminal(String typed) {
    try {
      PipedOutputStream keyboard = new PipedOutputStream();
      Terminal terminal =
          TerminalBuilder.builder()
              .system(false)
              .streams(new PipedInputStream(keyboard), new ByteArrayOutputStream())
              .type("xterm")
              .build();
      keyboard.write(typed.getBytes(StandardCharsets.UTF_8));
      return terminal;
    } catch (IOException e) {
      throw new AssertionError("there is nothing that could fail", e);
    }
  }

  private static void readTheManual() {
    for (String command : List.of("chat", "join", "serve", "")) {
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      Main.commandLine(command).setOut(nowhere).execute("--help");
      Main.commandLine(command).setErr(nowhere).execute("--no-such-option");
    }
    Signals.unregister("INT", Signals.register("INT", () -> {}));
  }
}
