package io.netloop.chat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netloop.loop.NetException;
import io.netloop.testkit.LeakCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Chat servers on ports that the system chooses, and people at real connections to them. After each
 * test all people have gone, and then the servers, still open, must hold nothing: no connection, no
 * user, no socket of the system, no thread, no buffer.
 */
final class House implements BeforeEachCallback, AfterEachCallback {
  static final Duration SOON = Duration.ofSeconds(30);

  /** What the room logs, and what goes wrong below it. */
  private static final List<String> LOGGERS =
      List.of("io.netloop", "io.netty.util.ResourceLeakDetector");

  /** The tests over real connections run once more with the connections on loops of their own. */
  private static final int WORKERS = Integer.getInteger("netloop.chat.workers", 1);

  private final List<Peer> peers = new ArrayList<>();
  private final List<ChatServer> servers = new ArrayList<>();
  private final Queue<ILoggingEvent> log = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final Notes notes = new Notes();
  private LeakCheck leaks;
  private final List<Browser> browsers = new ArrayList<>();
  private int port;
  private int webPort;

  private final class Notes extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      log.add(event);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    notes.start();
    for (String name : LOGGERS) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      logger.setLevel(Level.DEBUG);
      logger.setAdditive(false);
      logger.addAppender(notes);
    }
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    // Once, so that what stays open for good is open: the loop, and what it needs.
    ChatServer first = open();
    stranger().close();
    stop(first, SOON);
    peers.clear();
    servers.clear();
    log.clear();
    leaks = LeakCheck.begin();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try {
      peers.forEach(Peer::close);
      browsers.forEach(Browser::close);
      for (ChatServer server : servers) {
        untilEmpty(server);
      }
      servers.forEach(server -> stop(server, Duration.ZERO));
      leaks.end();
      assertThat(uncaught).as("exceptions that nobody caught").isEmpty();
      assertThat(log)
          .as("log lines of trouble")
          .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
          .noneMatch(event ->
              event.getThrowableProxy() != null
                  && event.getLoggerName().startsWith("io.netloop.chat"));
    } finally {
      for (String name : LOGGERS) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        logger.detachAppender(notes);
        logger.setLevel(null);
        logger.setAdditive(true);
      }
      Thread.setDefaultUncaughtExceptionHandler(null);
    }
  }

  /** Opens a room on a port that the system chooses; who comes in from now on goes there. */
  ChatServer open(ChatOptions options) {
    return open(options, TcpSeat.Patience.DEFAULT);
  }

  ChatServer open() {
    return open(ChatOptions.defaults());
  }

  ChatServer open(ChatOptions options, TcpSeat.Patience patience) {
    CompletableFuture<Integer> listening = new CompletableFuture<>();
    ChatServer server =
        new ChatServer(options.withPort(0).withWorkers(workers(options)), patience)
            .onListening(address -> listening.complete(address.port()))
            .onError(listening::completeExceptionally)
            .start();
    port = listening.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
    servers.add(server);
    webPort = server.webAddress() == null ? 0 : server.webAddress().port();
    return server;
  }

  /** Opens a room for browsers, too, on ports that the system chooses. */
  ChatServer openWeb() {
    return openWeb(ChatOptions.defaults(), WebOptions.defaults());
  }

  /** Who loses its connection without a word is waited for no longer than a test may take. */
  ChatServer openWeb(ChatOptions options, WebOptions web) {
    Duration most = Duration.ofSeconds(3);
    RoomOptions room = options.room();
    return open(
        options
            .withRoom(room.sessionTime().compareTo(most) > 0 ? room.withSessionTime(most) : room)
            .withWeb(web.withPort(0)));
  }

  int webPort() {
    return webPort;
  }

  /** Somebody at a WebSocket, who has not logged in. */
  Browser browser() {
    return browser(Map.of());
  }

  Browser browser(Map<String, String> headers) {
    Browser browser = new Browser(webPort, headers);
    browsers.add(browser);
    return browser;
  }

  /** As many as the options say; where they say nothing, as many as this run of the tests has. */
  private static int workers(ChatOptions options) {
    return options.workers() == 1 ? WORKERS : options.workers();
  }

  int port() {
    return port;
  }

  /** Tells what went wrong with opening a room there. */
  static NetException failsToOpen(ChatOptions options) {
    CompletableFuture<NetException> failure = new CompletableFuture<>();
    new ChatServer(options.withWorkers(workers(options))).onError(failure::complete).start();
    return failure.orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Somebody at a connection, who has not logged in. */
  Peer stranger() {
    return keep(new Peer(port, 0));
  }

  /** Somebody whose system takes few bytes before its program reads them. */
  Peer strangerWithLittleRoom() {
    return keep(new Peer(port, 4096));
  }

  /** Somebody who has logged in, ends messages with line ends, and has read the answer. */
  Peer user(String nickname) {
    return stranger().logsIn(nickname);
  }

  private Peer keep(Peer peer) {
    peers.add(peer);
    return peer;
  }

  /** The lines of the log so far that hold this text. */
  List<String> logged(String part) {
    return log.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(part))
        .toList();
  }

  /** Notes trouble only, for a test whose lines would be too many. */
  static void notesTroubleOnly() {
    ((Logger) LoggerFactory.getLogger("io.netloop")).setLevel(Level.WARN);
  }

  /** Waits for a condition, some seconds at most. */
  static void until(Callable<Boolean> condition) {
    await()
        .pollInSameThread()
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(5, MILLISECONDS)
        .until(condition);
  }

  /** Waits until the room and its server hold nobody. */
  static void untilEmpty(ChatServer server) {
    until(() -> server.connections() == 0);
    until(() -> server.users() == 0);
  }

  static void stop(ChatServer server, Duration within) {
    server.stop(within).orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }
}
