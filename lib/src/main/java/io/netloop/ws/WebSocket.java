package io.netloop.ws;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.http.RequestOptions;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import io.netloop.net.TcpSocket;
import io.netloop.ws.WebSocketOptions.Reconnect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The browser's WebSocket: connecting begins right after the constructor has returned, and
 * listeners that are set then are never too late. <i>Loop-confined:</i> listeners run on the loop
 * that it was made on; methods may be called from any thread and take effect in the order of the
 * calls. A listener that throws costs the connection, which is closed with 1011, and nothing else.
 *
 * <pre>{@code
 * var ws = new WebSocket("ws://localhost:8080/echo");
 * ws.onOpen(event -> ws.send("Hello WebSockets!"));
 * ws.onMessage(event -> {
 *   IO.println("Received Message: " + event.data());
 *   ws.close();
 * });
 * }</pre>
 *
 * @see <a href="https://websockets.spec.whatwg.org/#the-websocket-interface">WebSockets
 *     Standard</a>
 */
public final class WebSocket {
  public static final int CONNECTING = 0;
  public static final int OPEN = 1;
  public static final int CLOSING = 2;
  public static final int CLOSED = 3;

  /** The events, for {@link #addEventListener(EventType, Consumer)}. */
  public static final EventType<OpenEvent> OPENED = new EventType<>("open", OpenEvent.class);

  public static final EventType<MessageEvent> MESSAGE =
      new EventType<>("message", MessageEvent.class);
  public static final EventType<ErrorEvent> ERROR = new EventType<>("error", ErrorEvent.class);
  public static final EventType<CloseEvent> CLOSE = new EventType<>("close", CloseEvent.class);

  private static final int NO_CODE = 0;

  /** How long messages wait for a listener still on its way from the thread that made this. */
  private static final long GRACE_MILLIS = 100;

  private final Reactor reactor = Reactor.current();
  private final boolean madeOutside = !reactor.inLoop();
  private final Loop loop = Loop.current();
  private final RequestOptions to;
  private final String url;
  private final String origin;
  private final List<String> protocols;
  private final WebSocketOptions options;
  private final MaskKeys random = new MaskKeys();
  private final Deflate.Shared compressors = new Deflate.Shared();
  private final AtomicLong buffered = new AtomicLong();

  private volatile int readyState = CONNECTING;
  private volatile String protocol = "";
  private volatile String extensions = "";
  private volatile String binaryType = "blob";
  private @Nullable ClientHandshake handshake;
  private @Nullable Endpoint endpoint;
  private @Nullable Timer grace;

  /** What was told of this connection but its messages, for listeners from another thread. */
  private final List<Event> latest = new ArrayList<>(3);

  private @Nullable Timer reconnecting;
  private int failures;

  /** Not {@link #CLOSED} yet, or to be connected again: the program wants no more of it. */
  private boolean given;

  private Listeners<Consumer<? super OpenEvent>> onOpen = Listeners.none();
  private Listeners<Consumer<? super MessageEvent>> onMessage = Listeners.none();
  private Listeners<Consumer<? super ErrorEvent>> onError = Listeners.none();
  private Listeners<Consumer<? super CloseEvent>> onClose = Listeners.none();

  /**
   * Connects to a server.
   *
   * @param url {@code ws://…} or {@code wss://…}; {@code http://…} and {@code https://…} mean the
   *     same
   * @param protocols the subprotocols to offer, the best first
   * @throws NetException {@code SyntaxError} for what is no such URL, has a fragment, or offers a
   *     protocol twice or one that is no token
   */
  public WebSocket(String url, String... protocols) {
    this(url, List.of(protocols), WebSocketOptions.defaults());
  }

  /** As {@link #WebSocket(String, String...)}, with what browsers do not let one choose. */
  public WebSocket(String url, List<String> protocols, WebSocketOptions options) {
    this.to = target(url);
    boolean secure = to.protocol().equals("https:");
    boolean usual = to.port() == (secure ? 443 : 80);
    String host = to.host().contains(":") ? "[" + to.host() + "]" : to.host();
    this.origin = (secure ? "wss://" : "ws://") + host + (usual ? "" : ":" + to.port());
    this.url = origin + to.path();
    this.protocols = checked(protocols);
    this.options = options;
    reactor.execute(this::connect);
  }

  private static RequestOptions target(String url) {
    String scheme = url.strip();
    int colon = scheme.indexOf(':');
    String name = colon < 0 ? "" : scheme.substring(0, colon).toLowerCase(Locale.ROOT);
    boolean secure = name.equals("wss") || name.equals("https");
    if (!secure && !name.equals("ws") && !name.equals("http")) {
      throw new NetException(
          "SyntaxError",
          "The URL '" + url + "' is invalid: it begins with neither ws:// nor wss://.");
    }
    if (url.indexOf('#') >= 0) {
      throw new NetException(
          "SyntaxError", "The URL '" + url + "' contains a fragment, behind '#': leave it out.");
    }
    try {
      return RequestOptions.url((secure ? "https" : "http") + scheme.substring(colon));
    } catch (NetException invalid) {
      throw new NetException("SyntaxError", "The URL '" + url + "' is invalid.", invalid);
    }
  }

  private static List<String> checked(List<String> protocols) {
    for (String name : protocols) {
      if (!ExtensionOffers.isToken(name)) {
        throw new NetException(
            "SyntaxError", "The subprotocol '" + name + "' is invalid: it is no token.");
      }
    }
    if (new HashSet<>(protocols).size() < protocols.size()) {
      throw new NetException("SyntaxError", "A subprotocol is offered twice: " + protocols + ".");
    }
    return List.copyOf(protocols);
  }

  // Connecting

  private void connect() {
    reconnecting = null;
    if (given) {
      return;
    }
    if (readyState == CLOSED) {
      readyState = CONNECTING; // again
    }
    protocol = "";
    extensions = "";
    latest.clear();
    handshake =
        new ClientHandshake(
            to,
            protocols,
            options,
            random,
            new ClientHandshake.Outcome() {
              @Override
              public void opened(TcpSocket socket, ClientHandshake.Agreed agreed, Buffer head) {
                open(socket, agreed, head);
              }

              @Override
              public void failed(NetException why) {
                notOpened(why);
              }
            });
  }

  private void open(TcpSocket socket, ClientHandshake.Agreed agreed, Buffer head) {
    handshake = null;
    if (readyState != CONNECTING) {
      socket.destroy(); // Another thread has closed it meanwhile, and that is on its way to us.
      return;
    }
    failures = 0;
    protocol = agreed.protocol();
    DeflateAgreement deflate = agreed.deflate();
    DeflateOptions how = options.deflate();
    extensions = agreed.extensions();
    Endpoint opened =
        new Endpoint(
            reactor,
            new SocketCarrier(socket),
            new Endpoint.Terms(
                true,
                options.maxPayload(),
                131_072,
                true,
                options.closeTimeout().toNanos(),
                deflate == null || how == null
                    ? null
                    : new Deflate(compressors, deflate, how.level(), true),
                how == null ? 0 : how.threshold()),
            random,
            new Inner());
    endpoint = opened;
    readyState = OPEN;
    if (madeOutside && onMessage.isEmpty()) {
      opened.in().pause();
      grace = loop.setTimeout(GRACE_MILLIS, this::endGrace);
    }
    opened.start(head);
    Listeners<Consumer<? super OpenEvent>> told = onOpen;
    onOpen = onOpen.afterOnce();
    tell(told, new OpenEvent(this));
  }

  /** It could not be opened, or the program has closed it before that. */
  private void notOpened(NetException why) {
    handshake = null;
    readyState = CLOSED;
    tellError(why);
    CloseCause cause = new CloseCause(CloseCause.By.NETWORK, "ws", why.code(), 0, why);
    end(new CloseEvent(CloseCode.ABNORMAL, "", false, cause));
  }

  private void end(CloseEvent event) {
    endGrace();
    endpoint = null;
    compressors.end();
    Reconnect how = options.reconnect();
    boolean lost =
        !event.wasClean()
            || event.code() == CloseCode.GOING_AWAY
            || event.code() == CloseCode.RESTART;
    if (how != null && lost && !given && failures < how.attempts()) {
      reconnecting = loop.setTimeout(pause(how), this::connect);
    }
    Listeners<Consumer<? super CloseEvent>> told = onClose;
    onClose = onClose.afterOnce();
    tell(told, event);
  }

  private void tellError(NetException error) {
    Listeners<Consumer<? super ErrorEvent>> told = onError;
    onError = onError.afterOnce();
    tell(told, new ErrorEvent(error));
  }

  /** Messages wait no more: somebody listens, or nobody will. */
  private void endGrace() {
    Timer waiting = grace;
    grace = null;
    if (waiting != null) {
      waiting.clear();
      if (endpoint != null) {
        endpoint.in().resume();
      }
    }
  }

  private Duration pause(Reconnect how) {
    int doublings = Math.min(failures++, 30);
    long first = how.first().toNanos();
    long most = how.most().toNanos();
    long nanos = first > most >> doublings ? most : first << doublings;
    return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
  }

  // Sending

  /** Sends a text; half a surrogate pair in it becomes U+FFFD. */
  public void send(String text) {
    send(FrameReader.TEXT, Message.utf8(text));
  }

  /** Sends bytes. */
  public void send(Buffer data) {
    send(FrameReader.BINARY, data);
  }

  /** Sends a copy of these bytes. */
  public void send(byte[] data) {
    send(FrameReader.BINARY, Buffer.from(data));
  }

  /** Sends bytes. */
  public void send(Blob data) {
    send(FrameReader.BINARY, data.bytes());
  }

  /**
   * Sends bytes or a text.
   *
   * @throws NetException {@code InvalidStateError} while connecting. Once it is closing what is
   *     sent is dropped in silence, as the standard has it
   */
  private void send(int opcode, Buffer data) {
    if (readyState == CONNECTING) {
      throw new NetException(
          "InvalidStateError", "Still in CONNECTING state: send from the 'open' event on.");
    }
    buffered.addAndGet(data.length());
    reactor.run(() -> {
      if (endpoint != null && endpoint.isOpen()) {
        endpoint
            .out()
            .send(
                opcode,
                data,
                true,
                failure -> {
                  if (failure == null) {
                    buffered.addAndGet(-data.length());
                  }
                });
      }
    });
  }

  /**
   * Bytes that were sent and are not yet with the system, without their framing. Grows with the
   * call of {@code send} and falls later only; what is dropped after the end stays in it.
   */
  public long bufferedAmount() {
    return buffered.get();
  }

  // Closing

  /** Closes, without a code. */
  public void close() {
    closeWith(NO_CODE, "");
  }

  /** Closes with this code; see {@link #close(int, String)}. */
  public void close(int code) {
    close(code, "");
  }

  /**
   * Closes: the state is {@link #CLOSING} at once, 'close' follows when the server has answered.
   *
   * @param code 1000, or 3000 to 4999
   * @param reason 123 bytes of UTF-8 at the most
   * @throws NetException {@code InvalidAccessError} for another code, {@code SyntaxError} for a
   *     longer reason
   */
  public void close(int code, String reason) {
    checkCode(code);
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > 123) {
      throw new NetException(
          "SyntaxError",
          "The close reason must not be greater than 123 UTF-8 bytes, and has " + length + ".");
    }
    closeWith(code, reason);
  }

  private void closeWith(int code, String reason) {
    if (readyState < CLOSING) {
      readyState = CLOSING;
    }
    reactor.run(() -> closeHere(code, reason));
  }

  private static void checkCode(int code) {
    if (code != CloseCode.NORMAL && (code < 3000 || code > 4999)) {
      throw new NetException(
          "InvalidAccessError",
          "The close code must be either 1000, or between 3000 and 4999. " + code + " is neither.");
    }
  }

  private void closeHere(int code, String reason) {
    if (given) {
      return;
    }
    given = true;
    if (reconnecting != null) {
      reconnecting.clear();
      reconnecting = null;
      readyState = CLOSED;
    } else if (endpoint != null) {
      endpoint.close(code, reason);
    } else if (handshake != null || readyState == CLOSING) {
      readyState = CLOSING;
      if (handshake != null) {
        handshake.cancel();
      }
      reactor.nextTick(() ->
          notOpened(
              new NetException(
                  "ERR_WS_CLOSED_BEFORE_OPEN",
                  "WebSocket was closed before the connection was established")));
    }
  }

  // What the endpoint tells

  private final class Inner implements Endpoint.Owner {
    @Override
    public void message(Message message) {
      if (readyState != OPEN) {
        return; // Messages after close() are dropped.
      }
      Object data =
          !message.isBinary()
              ? message.text()
              : binaryType.equals("blob") ? Blob.of(message.data()) : message.data();
      Listeners<Consumer<? super MessageEvent>> told = onMessage;
      onMessage = onMessage.afterOnce();
      tell(told, new MessageEvent(data, origin));
    }

    @Override
    public void pinged(Buffer data) {}

    @Override
    public void ponged(Buffer data) {}

    @Override
    public void drained() {}

    @Override
    public void closing() {
      if (readyState == OPEN) {
        readyState = CLOSING;
      }
    }

    @Override
    public void failed(NetException error) {
      if (readyState == OPEN) {
        readyState = CLOSING;
      }
      tellError(error);
    }

    @Override
    public void closed(CloseEvent event) {
      readyState = CLOSED;
      if (!event.wasClean() && event.cause().error() == null) {
        tellError(new NetException("ECONNRESET", "The connection ended without a close frame."));
      }
      end(event);
    }
  }

  private <E extends Event> void tell(Listeners<Consumer<? super E>> listeners, E event) {
    if (madeOutside && !(event instanceof MessageEvent)) {
      latest.add(event);
    }
    for (int i = 0; i < listeners.size(); i++) {
      call(listeners.get(i), event);
    }
  }

  private <E> void call(Consumer<? super E> listener, E event) {
    try {
      listener.accept(event);
    } catch (Throwable failure) {
      reactor.uncaught(failure);
      if (endpoint != null) {
        endpoint.close(CloseCode.INTERNAL_ERROR, "");
      }
    }
  }

  // Listeners

  /** It is open. */
  public WebSocket onOpen(Consumer<? super OpenEvent> listener) {
    return addEventListener(OPENED, listener);
  }

  /** A message has come. */
  public WebSocket onMessage(Consumer<? super MessageEvent> listener) {
    return addEventListener(MESSAGE, listener);
  }

  /** It could not be opened, or has failed; 'close' follows. */
  public WebSocket onError(Consumer<? super ErrorEvent> listener) {
    return addEventListener(ERROR, listener);
  }

  /** It is closed; where it reconnects, this connection is. */
  public WebSocket onClose(Consumer<? super CloseEvent> listener) {
    return addEventListener(CLOSE, listener);
  }

  /** Adds a listener by the event's name; an unknown name is no error, and is never told. */
  public WebSocket addEventListener(String type, Consumer<? super Event> listener) {
    return addEventListener(type, listener, false);
  }

  /** As {@link #addEventListener(String, Consumer)}; with {@code once} it is told once. */
  public WebSocket addEventListener(String type, Consumer<? super Event> listener, boolean once) {
    add(
        type,
        listener,
        () -> {
          switch (type) {
            case "open" -> onOpen = add(onOpen, listener, once);
            case "message" -> onMessage = add(onMessage, listener, once);
            case "error" -> onError = add(onError, listener, once);
            case "close" -> onClose = add(onClose, listener, once);
            default -> {
              // As in the browser: events are open-ended.
            }
          }
        });
    return this;
  }

  /** Adds a listener that is given what the event's type says. */
  @SuppressWarnings("unchecked") // each type has but one kind of event
  public <E extends Event> WebSocket addEventListener(
      EventType<E> type, Consumer<? super E> listener) {
    add(
        type.name(),
        listener,
        () -> {
          if (type.equals(OPENED)) {
            onOpen = onOpen.with((Consumer<? super OpenEvent>) listener);
          } else if (type.equals(MESSAGE)) {
            onMessage = onMessage.with((Consumer<? super MessageEvent>) listener);
          } else if (type.equals(ERROR)) {
            onError = onError.with((Consumer<? super ErrorEvent>) listener);
          } else if (type.equals(CLOSE)) {
            onClose = onClose.with((Consumer<? super CloseEvent>) listener);
          }
        });
    return this;
  }

  /**
   * Adds a listener. One that comes from another thread may be late for what happens once to a
   * connection, and is told then.
   */
  @SuppressWarnings("unchecked") // an event of this name is of the type that the listener takes
  private <E extends Event> void add(String type, Consumer<? super E> listener, Runnable add) {
    boolean outside = !reactor.inLoop();
    reactor.run(() -> {
      add.run();
      if (!onMessage.isEmpty()) {
        endGrace();
      }
      if (outside) {
        List.copyOf(latest).stream()
            .filter(event -> event.type().equals(type))
            .forEach(event -> call(listener, (E) event));
      }
    });
  }

  private static <L> Listeners<L> add(Listeners<L> to, L listener, boolean once) {
    return once ? to.withOnce(listener) : to.with(listener);
  }

  /** Takes out a listener that was added, the same object; an unknown one is no error. */
  public WebSocket removeEventListener(String type, Object listener) {
    reactor.run(() -> {
      switch (type) {
        case "open" -> onOpen = onOpen.without(listener);
        case "message" -> onMessage = onMessage.without(listener);
        case "error" -> onError = onError.without(listener);
        case "close" -> onClose = onClose.without(listener);
        default -> {
          // Nothing of that name is ever told.
        }
      }
    });
    return this;
  }

  // What can be asked

  /** The URL, in its usual form: {@code ws://h:1} is {@code ws://h:1/}. */
  public String url() {
    return url;
  }

  /** {@link #CONNECTING}, {@link #OPEN}, {@link #CLOSING} or {@link #CLOSED}. */
  public int readyState() {
    return readyState;
  }

  /** The subprotocol that the server has chosen; an empty text until it is open. */
  public String protocol() {
    return protocol;
  }

  /** The extensions that the server has agreed to; an empty text until it is open. */
  public String extensions() {
    return extensions;
  }

  /** How bytes are handed out: {@code blob}, as at first, or {@code arraybuffer}. */
  public String binaryType() {
    return binaryType;
  }

  /**
   * Sets how bytes are handed out: as a {@link Blob} or as a {@link Buffer}; others are ignored.
   */
  public WebSocket binaryType(String type) {
    if (type.equals("blob") || type.equals("arraybuffer")) {
      binaryType = type;
    }
    return this;
  }

  @Override
  public String toString() {
    return "WebSocket " + url;
  }
}
