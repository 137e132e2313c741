package io.netloop.chat;

import io.netloop.loop.CloseCause;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.ConnectOptions;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.tls.Tls;
import io.netloop.tls.TlsOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One user of a chat room. It speaks to our server and to every other that keeps to the protocol,
 * with line ends or without; what it doesn't understand it ignores, and whatever a server sends
 * costs it a bounded amount of memory. <i>Loop-confined:</i> it is made and used on one loop, and
 * there its listener is told.
 *
 * <pre>{@code
 * var client = ChatClient.connect(ChatClientOptions.defaults(), event -> {
 *   if (event instanceof ChatEvent.Broadcast said) {
 *     IO.println(said.nickname() + ": " + said.message());
 *   }
 * });
 * client.login("ann");
 * }</pre>
 *
 * <p>When the connection is lost it is made again, after half a second to half a minute, and the
 * client logs in under the same name by itself. A server like ours then tells what was said
 * meanwhile, and each of it is an event, once and in order; where some of it is gone, {@link
 * ChatEvent.SomethingGone} comes before.
 */
public final class ChatClient {
  /** Enough for a login answer with the longest names of a full room, and what was missed there. */
  static final int MAX_MESSAGE_BYTES = 1 << 22;

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** The system itself would try for two minutes. */
  private static final Duration CONNECT_TIME = Duration.ofSeconds(10);

  /** How long a server may take to end its side after we have ended ours. */
  private static final Duration FAREWELL_TIME = Duration.ofSeconds(5);

  /** A dead server is found after a minute of silence and the system's probes. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  private static final List<String> FEATURES = List.of("presence");

  /** With what was missed. */
  private static final List<String> FEATURES_AGAIN = List.of("history", "presence");

  private final Loop loop = Loop.current();
  private final ServerMessageReader reader = new ServerMessageReader(MAX_MESSAGE_BYTES);
  private final ChatClientOptions options;
  private final Consumer<ChatEvent> listener;
  private final Backoff backoff;
  private final Set<String> names = new ConcurrentSkipListSet<>();

  private @Nullable Connection connection;
  private @Nullable Timer retry;

  /** The name to log in with, or null while it is not known. */
  private @Nullable String nickname;

  private boolean loggedIn;

  /** What the server has given us to go on with, or null. */
  private @Nullable String session;

  /** The highest id that we have seen. */
  private long last = Wishes.NEVER;

  /** The connection was lost, and neither a login nor a refusal has come since. */
  private boolean lost;

  private boolean everConnected;
  private boolean ending;
  private CloseCause lastCause = new CloseCause(By.US, "app", "END", 0, null);

  /** For tests: with waits of their own. */
  ChatClient(ChatClientOptions options, Consumer<ChatEvent> listener, Backoff backoff) {
    this.options = options;
    this.listener = listener;
    this.backoff = backoff;
    connection = new Connection();
  }

  /** Begins to connect; the listener is told what comes of it, and not before this returns. */
  public static ChatClient connect(ChatClientOptions options, Consumer<ChatEvent> listener) {
    return new ChatClient(
        options, listener, new Backoff(SHORTEST_WAIT, LONGEST_WAIT, new SplittableRandom()));
  }

  /**
   * Whether a server like ours can accept this name: 1 to 32 characters, no {@code @} at the start,
   * and none of them blank or invisible.
   */
  public static boolean isNickname(String text) {
    return Nickname.accept(text) != null;
  }

  /**
   * Asks to be let in under this name, as soon as there is a connection. The answer is {@link
   * ChatEvent.LoggedIn} or {@link ChatEvent.LoginRefused}. Nothing happens while logged in.
   */
  public void login(String asked) {
    if (loggedIn || ending) {
      return;
    }
    nickname = asked;
    if (connection != null) {
      connection.login();
    } else if (retry == null) {
      // Without a name there was nobody to bring back.
      connection = new Connection();
    }
  }

  /** Whether the server has let us in, and the connection is there. */
  public boolean loggedIn() {
    return loggedIn;
  }

  /**
   * Says something to all, which comes back as a {@link ChatEvent.Broadcast}.
   *
   * @return false, and nothing is sent, while not logged in
   */
  public boolean broadcast(String message) {
    return say(new JsonText().text("type", "broadcast").text("message", message));
  }

  /**
   * Says something to one user alone. The server answers only if that fails.
   *
   * @return false, and nothing is sent, while not logged in
   */
  public boolean whisper(String to, String message) {
    return say(new JsonText().text("type", "p2p").text("nickname", to).text("message", message));
  }

  /**
   * Leaves: everything said before still goes out, and then the server's end is waited for, five
   * seconds at the most. {@link ChatEvent.Closed} follows in any case.
   */
  public void end() {
    if (ending) {
      return;
    }
    ending = true;
    if (retry != null) {
      retry.clear();
    }
    if (connection != null) {
      connection.end();
    } else {
      loop.nextTick(() -> finish(lastCause));
    }
  }

  /**
   * Who is logged in, in the order of the characters; empty where the server doesn't tell. A live
   * view, which any thread may read.
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(names);
  }

  /** Reads no more from the server until {@link #resume}, for a listener that cannot keep up. */
  public void pause() {
    if (connection != null) {
      connection.socket.pause();
    }
  }

  /** Reads on. */
  public void resume() {
    if (connection != null) {
      connection.socket.resume();
    }
  }

  private boolean say(JsonText message) {
    if (!loggedIn || ending || connection == null) {
      return false;
    }
    connection.send(message);
    return true;
  }

  private void take(ServerMessageReader.Read read) {
    switch (read.event()) {
      case null -> {}
      case ChatEvent.LoggedIn answer -> accepted(answer, read);
      case ChatEvent.LoginRefused answer -> refused(answer);
      case ChatEvent.Notice notice -> {
        if (notice.joined() != null) {
          present(notice.joined());
        }
        if (notice.left() != null) {
          names.remove(notice.left());
        }
        listener.accept(notice);
      }
      case ChatEvent event -> listener.accept(event);
    }
    last = Math.max(last, read.id());
  }

  private void accepted(ChatEvent.LoggedIn answer, ServerMessageReader.Read read) {
    String asked = nickname;
    if (loggedIn || asked == null) {
      return;
    }
    // The server may have written the name in another form; a published one may not repeat it.
    String name = answer.nickname().isEmpty() ? asked : answer.nickname();
    boolean again = lost;
    nickname = name;
    loggedIn = true;
    lost = false;
    backoff.reset();
    names.clear();
    answer.names().forEach(this::present);
    session = read.session();
    listener.accept(new ChatEvent.LoggedIn(name, answer.users(), answer.names(), again));
    if (again) {
      catchUp(read);
    }
  }

  /** Tells what was said while we were away, and not what we had heard before. */
  private void catchUp(ServerMessageReader.Read read) {
    if (Boolean.FALSE.equals(read.recovered())) {
      listener.accept(new ChatEvent.SomethingGone());
    }
    if (read.id() < last) {
      last = Wishes.NEVER; // ids of another server, or of one whose clock was put back
    }
    for (ServerMessageReader.Missed missed : read.missed()) {
      if (missed.id() > last) {
        last = missed.id();
        listener.accept(missed.event());
      }
    }
  }

  private void refused(ChatEvent.LoginRefused answer) {
    if (loggedIn || nickname == null) {
      return;
    }
    boolean again = lost;
    nickname = null;
    session = null;
    lost = false;
    listener.accept(new ChatEvent.LoginRefused(answer.message(), again));
  }

  /** Names that no server of ours would give are not offered for completion. */
  private void present(String name) {
    if (names.size() < ServerMessageReader.MAX_NAMES && isNickname(name)) {
      names.add(name);
    }
  }

  private void disconnected(CloseCause cause, boolean forGood) {
    connection = null;
    loggedIn = false;
    lastCause = cause;
    names.clear();
    if (ending || forGood || !everConnected || !options.reconnect()) {
      finish(cause);
      return;
    }
    if (nickname != null) {
      retry = loop.setTimeout(backoff.next(), this::tryAgain);
    }
    if (!lost) {
      lost = nickname != null;
      listener.accept(new ChatEvent.ConnectionLost(cause));
    }
  }

  private void tryAgain() {
    retry = null;
    connection = new Connection();
  }

  private void finish(CloseCause cause) {
    ending = true;
    listener.accept(new ChatEvent.Closed(cause));
  }

  /** One connection of possibly many. What an old one still says reaches nobody. */
  private final class Connection implements JsonScanner.Sink {
    private final JsonScanner scanner = new JsonScanner(MAX_MESSAGE_BYTES, this);
    private final TcpSocket socket;
    private Timer deadline;
    private boolean connected;
    private boolean hostile;

    Connection() {
      TcpOptions tcp = TcpOptions.defaults().withNoDelay(true).withKeepAlive(KEEP_ALIVE);
      ConnectOptions to =
          ConnectOptions.port(options.port()).withHost(options.host()).withSocket(tcp);
      TlsOptions tls = options.tls();
      socket =
          tls == null
              ? Net.createConnection(to).onConnect(this::connected)
              : Tls.connect(to, tls, encrypted -> connected());
      deadline =
          loop.setTimeout(
              CONNECT_TIME,
              () ->
                  socket.destroy(
                      NetException.system(
                          "connect", "ETIMEDOUT", null, options.host(), options.port(), null)));
      socket
          .onData(scanner::feed)
          // The close event carries it.
          .onError(error -> {})
          .onClose(this::closed);
    }

    private void connected() {
      deadline.clear();
      connected = true;
      everConnected = true;
      if (ending) {
        return;
      }
      login();
      listener.accept(new ChatEvent.Connected());
    }

    void login() {
      if (!connected || nickname == null) {
        return;
      }
      JsonText login =
          new JsonText().text("type", "login").text("nickname", nickname).number("v", 1);
      if (lost && session != null) {
        login.texts("features", FEATURES_AGAIN).text("session", session).number("last", last);
      } else {
        login.texts("features", FEATURES);
      }
      send(login);
    }

    void send(JsonText message) {
      socket.write(message.end() + '\n');
    }

    void end() {
      deadline.clear();
      if (connected) {
        socket.resume().end();
        deadline = loop.setTimeout(FAREWELL_TIME, socket::destroy);
      } else {
        socket.destroy();
      }
    }

    @Override
    public void receive(byte[] json) {
      take(reader.read(json));
    }

    /** A server that speaks another language, or has hiccups: what follows may be good again. */
    @Override
    public void badMessage() {}

    @Override
    public void tooLong() {
      hostile = true;
      socket.destroy(
          new NetException(
              "ERR_MESSAGE_TOO_LONG",
              "The server sent a message of more than " + MAX_MESSAGE_BYTES + " bytes."));
    }

    private void closed(CloseCause cause) {
      deadline.clear();
      scanner.stop();
      disconnected(cause, hostile);
    }
  }
}
