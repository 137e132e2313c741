package io.netloop.ws;

import io.netloop.engine.Listeners;
import io.netloop.engine.Reactor;
import io.netloop.http.HttpRequest;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.loop.PassThrough;
import io.netloop.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of a WebSocket. <i>Loop-confined:</i> its listeners run on its loop, one at a
 * time; its methods may be called from any thread and take effect in the order of the calls. A
 * listener that throws costs its connection, which is closed with 1011, and nothing else.
 *
 * @see <a href="https://github.com/websockets/ws/blob/master/doc/ws.md#class-websocket">ws:
 *     WebSocket</a>
 */
public final class WebSocketConnection {
  private final Reactor reactor;
  private final WebSocketServer server;
  private final HttpRequest request;
  private final Endpoint endpoint;
  private final String protocol;
  private final String extensions;
  private final WebSocketServerOptions options;
  private final long openedNanos;
  private Set<String> topics = Collections.emptySet();
  private @Nullable SlowLane slow;
  private boolean tooSlow;
  private boolean pinged;
  private volatile @Nullable CloseEvent closeEvent;
  private volatile @Nullable NetException error;

  private Listeners<Consumer<Message>> onMessage = Listeners.none();
  private Listeners<Consumer<Buffer>> onPing = Listeners.none();
  private Listeners<Consumer<Buffer>> onPong = Listeners.none();
  private Listeners<Runnable> onDrain = Listeners.none();
  private Listeners<Consumer<NetException>> onError = Listeners.none();
  private Listeners<Consumer<CloseEvent>> onClose = Listeners.none();

  WebSocketConnection(
      WebSocketServer server,
      HttpRequest request,
      Carrier carrier,
      Endpoint.Terms terms,
      String protocol,
      String extensions) {
    this.reactor = server.reactor();
    this.server = server;
    this.request = request;
    this.protocol = protocol;
    this.extensions = extensions;
    this.options = server.options();
    this.openedNanos = reactor.now();
    this.endpoint = new Endpoint(reactor, carrier, terms, null, new Inner());
  }

  void start(Buffer head) {
    endpoint.start(head);
  }

  // Sending

  /** Sends a text. */
  public SendResult send(String text) {
    return send(Message.text(text));
  }

  /** Sends bytes. */
  public SendResult send(Buffer data) {
    return send(Message.binary(data));
  }

  /** Sends a message, compressed where that was agreed on and it is long enough. */
  public SendResult send(Message message) {
    return send(message, true, null);
  }

  /** As {@link #send(Message)}; the callback is told when it is with the system, or why not. */
  public SendResult send(Message message, Consumer<@Nullable NetException> callback) {
    return send(message, true, callback);
  }

  /**
   * Sends a message.
   *
   * @param compress whether it may be compressed
   * @param callback told later: null when it is with the system, else the error; or null
   * @return from another thread always {@link SendResult#SUCCESS} while the connection is open: the
   *     callback knows better
   */
  public SendResult send(
      Message message, boolean compress, @Nullable Consumer<@Nullable NetException> callback) {
    if (reactor.inLoop()) {
      return sendHere(message, compress, callback);
    }
    boolean taken = reactor.execute(() -> sendHere(message, compress, callback));
    return taken && endpoint.isOpen() ? SendResult.SUCCESS : SendResult.DROPPED;
  }

  private SendResult sendHere(
      Message message, boolean compress, @Nullable Consumer<@Nullable NetException> callback) {
    if (slow != null) {
      sendWhatWaited(); // What was published before this comes before it.
    }
    int opcode = message.isBinary() ? FrameReader.BINARY : FrameReader.TEXT;
    Consumer<@Nullable NetException> guarded =
        callback == null ? null : failure -> guard(() -> callback.accept(failure));
    return endpoint.out().send(opcode, message.data(), compress, guarded);
  }

  /**
   * Sends a message that goes to many, framed once for all of them. As with the others that are
   * sent to one peer directly, what waits is bounded by {@link io.netloop.loop.OutboxLimits}.
   *
   * @return from another thread always {@link SendResult#SUCCESS} while the connection is open
   */
  public SendResult send(PreparedMessage prepared) {
    if (!reactor.inLoop()) {
      boolean taken = reactor.execute(() -> send(prepared));
      return taken && endpoint.isOpen() ? SendResult.SUCCESS : SendResult.DROPPED;
    }
    if (!endpoint.isOpen()) {
      return SendResult.DROPPED;
    }
    if (slow != null) {
      sendWhatWaited();
    }
    return endpoint.out().send(prepared);
  }

  /**
   * A message that is sent piece by piece: each write is a frame, the end its last. What else is
   * sent to the peer meanwhile waits for that end.
   */
  public PassThrough createMessage(boolean binary) {
    return endpoint.out().stream(server.loop(), binary);
  }

  /** Sends a ping with no data. */
  public WebSocketConnection ping() {
    return ping(Buffer.empty());
  }

  /**
   * Sends a ping; its data comes back with the pong. It comes behind the messages that were sent
   * before, but between the pieces of one that is sent in pieces.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for more than 125 bytes
   */
  public WebSocketConnection ping(Buffer data) {
    return control(FrameReader.PING, data);
  }

  /**
   * Sends a pong that nobody has asked for. Those that answer pings are sent by themselves.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for more than 125 bytes
   */
  public WebSocketConnection pong(Buffer data) {
    return control(FrameReader.PONG, data);
  }

  private WebSocketConnection control(int opcode, Buffer data) {
    if (data.length() > 125) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The data of a ping or pong has at most 125 bytes, not " + data.length() + ".");
    }
    reactor.run(() -> {
      if (endpoint.isOpen()) {
        endpoint.out().sendControlInTurn(opcode, data);
      }
    });
    return this;
  }

  // Topics

  /**
   * Subscribes to a topic.
   *
   * @return whether that is news; from another thread always true
   */
  public boolean subscribe(String topic) {
    if (!reactor.inLoop()) {
      return reactor.execute(() -> subscribe(topic));
    }
    if (endpoint.isClosed() || !server.topics().hub(reactor).subscribe(topic, this)) {
      return false;
    }
    if (topics.isEmpty()) {
      topics = new LinkedHashSet<>();
    }
    topics.add(topic);
    server.tellSubscription(this, topic, 1);
    return true;
  }

  /**
   * Ends a subscription.
   *
   * @return whether there was one; from another thread always true
   */
  public boolean unsubscribe(String topic) {
    if (!reactor.inLoop()) {
      return reactor.execute(() -> unsubscribe(topic));
    }
    if (endpoint.isClosed() || !topics.remove(topic)) {
      return false;
    }
    server.topics().hub(reactor).unsubscribe(topic, this);
    server.tellSubscription(this, topic, -1);
    return true;
  }

  /** Whether it has subscribed to the topic. On its loop. */
  public boolean isSubscribed(String topic) {
    return topics.contains(topic);
  }

  /** What it has subscribed to; inside a 'close' listener still known. On its loop. */
  public List<String> getTopics() {
    return List.copyOf(topics);
  }

  /**
   * Sends a message to all subscribers of a topic but itself. It has to have subscribed.
   *
   * @return whether it was published: it has subscribed, and so has somebody; from another thread
   *     always true
   */
  public boolean publish(String topic, Message message) {
    if (!reactor.inLoop()) {
      return reactor.execute(() -> publish(topic, message));
    }
    return topics.contains(topic) && server.topics().publish(topic, message, this);
  }

  /** Sends a text to all subscribers of a topic but itself; see {@link #publish}. */
  public boolean publish(String topic, String text) {
    return publish(topic, Message.text(text));
  }

  /** What was published, on its way to this one; returns whether it was taken. */
  boolean deliver(Publication publication) {
    if (!endpoint.isOpen()) {
      return false;
    }
    if (slow != null) {
      return letWait(slow, publication);
    }
    if (isBehind()) {
      return deliverLate(publication);
    }
    endpoint.out().send(publication.prepared());
    return true;
  }

  private boolean isBehind() {
    if (endpoint.out().bufferedAmount() <= options.maxBackpressure()) {
      return false;
    }
    endpoint.flushCarrier(); // What waits only for the end of the turn waits for no slow reader.
    return endpoint.out().unreadBytes() > options.maxBackpressure();
  }

  private boolean deliverLate(Publication publication) {
    return switch (options.slowReader()) {
      case DROP_NEWEST -> {
        server.topics().dropped.increment();
        yield false;
      }
      case CLOSE -> {
        if (!tooSlow) {
          tooSlow = true;
          // Listeners hear of it, and might change who has subscribed: not while we go through all.
          reactor.nextTick(this::closeForReadingTooSlowly);
        }
        yield false;
      }
      case DROP_OLDEST, KEEP_NEWEST -> {
        SlowLane lane = new SlowLane(options.slowReader(), options.maxBackpressure());
        slow = lane;
        endpoint.out().whenWritten(this::sendWhatWaited);
        yield letWait(lane, publication);
      }
    };
  }

  private void sendWhatWaited() {
    SlowLane lane = slow;
    if (lane != null) {
      slow = null;
      lane.release(publication -> endpoint.out().send(publication.prepared()));
    }
  }

  private void closeForReadingTooSlowly() {
    if (!endpoint.isOpen()) {
      return;
    }
    server.topics().closed.increment();
    endpoint.fail(
        CloseCode.POLICY,
        new NetException(
            "ERR_OUTBOX_LIMIT",
            "The peer reads too slowly: %d bytes are queued, more than the limit of %d."
                .formatted(endpoint.out().bufferedAmount(), options.maxBackpressure())));
  }

  private boolean letWait(SlowLane lane, Publication publication) {
    server.topics().dropped.add(lane.add(publication));
    return true;
  }

  // Ending

  /** Closes politely, with 1000. */
  public WebSocketConnection close() {
    return close(CloseCode.NORMAL, "");
  }

  /** Closes politely. */
  public WebSocketConnection close(int code) {
    return close(code, "");
  }

  /**
   * Closes politely: sends a close frame, waits for the peer's, then ends the connection.
   *
   * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999
   * @param reason 123 bytes of UTF-8 at the most
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public WebSocketConnection close(int code, String reason) {
    if (!CloseCode.mayBeSent(code)) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "A close code is from 1000 to 1003, 1007 to 1014, or 3000 to 4999, not " + code + ".");
    }
    int length = reason.getBytes(StandardCharsets.UTF_8).length;
    if (length > 123) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The reason of a close has at most 123 bytes of UTF-8, not " + length + ".");
    }
    reactor.run(() -> endpoint.close(code, reason));
    return this;
  }

  /** Ends the connection at once; the peer sees 1006. */
  public WebSocketConnection terminate() {
    reactor.run(endpoint::terminate);
    return this;
  }

  /** Hands out no more messages, and has the peer held back. */
  public WebSocketConnection pause() {
    reactor.run(endpoint.in()::pause);
    return this;
  }

  /** Takes back a {@link #pause}. */
  public WebSocketConnection resume() {
    reactor.run(endpoint.in()::resume);
    return this;
  }

  /** Whether {@link #pause} was called last. */
  public boolean isPaused() {
    return endpoint.in().isPaused();
  }

  /** Looks whether the peer is silent for too long, or has been here for too long. */
  void check(long now) {
    long idle = options.idleTimeout().toNanos();
    long silent = now - endpoint.in().lastSeen();
    if (idle > 0 && silent >= idle) {
      endpoint.terminate();
    } else if (idle > 0 && options.sendPings() && silent >= idle / 4 * 3) {
      if (!pinged && endpoint.isOpen()) {
        pinged = true;
        endpoint.out().sendControl(FrameReader.PING, Buffer.empty());
      }
    } else {
      pinged = false;
    }
    long lifetime = options.maxLifetime().toNanos();
    if (lifetime > 0 && now - openedNanos >= lifetime) {
      endpoint.close(CloseCode.GOING_AWAY, "");
    }
  }

  /** What its compression may keep between messages. */
  long keptBytes() {
    Deflate deflate = endpoint.deflate();
    return deflate == null ? 0 : deflate.keptBytes();
  }

  private void guard(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable failure) {
      listenerFailed(failure);
    }
  }

  private void listenerFailed(Throwable failure) {
    reactor.uncaught(failure);
    endpoint.fail(
        CloseCode.INTERNAL_ERROR,
        new NetException(
            "LISTENER_FAILED", "A listener of this connection threw " + failure, failure));
  }

  /** What the endpoint tells. */
  private final class Inner implements Endpoint.Owner {
    @Override
    public void message(Message message) {
      Listeners<Consumer<Message>> listeners = onMessage;
      try {
        for (int i = 0; i < listeners.size(); i++) {
          listeners.get(i).accept(message);
        }
      } catch (Throwable failure) {
        listenerFailed(failure);
      }
    }

    @Override
    public void pinged(Buffer data) {
      onPing.forEach(listener -> guard(() -> listener.accept(data)));
    }

    @Override
    public void ponged(Buffer data) {
      onPong.forEach(listener -> guard(() -> listener.accept(data)));
    }

    @Override
    public void drained() {
      onDrain.forEach(WebSocketConnection.this::guard);
    }

    @Override
    public void failed(NetException failure) {
      error = failure;
      onError.forEach(listener -> guard(() -> listener.accept(failure)));
    }

    @Override
    public void closed(CloseEvent event) {
      slow = null;
      server.forget(WebSocketConnection.this);
      closeEvent = event;
      for (String topic : List.copyOf(topics)) {
        server.topics().hub(reactor).unsubscribe(topic, WebSocketConnection.this);
        server.tellSubscription(WebSocketConnection.this, topic, -1);
      }
      onClose.forEach(listener -> guard(() -> listener.accept(event)));
      topics = Collections.emptySet();
    }
  }

  // Listeners

  /** A message has come. */
  public WebSocketConnection onMessage(Consumer<Message> listener) {
    reactor.run(() -> onMessage = onMessage.with(listener));
    return this;
  }

  /**
   * Messages come piece by piece, from the next one on, and 'message' is told no more. For messages
   * that are too long to be gathered.
   */
  public WebSocketConnection onMessageStream(Consumer<MessageStream> listener) {
    reactor.run(() -> endpoint.in().streamTo(stream -> guard(() -> listener.accept(stream))));
    return this;
  }

  /** A ping has come, and was answered. */
  public WebSocketConnection onPing(Consumer<Buffer> listener) {
    reactor.run(() -> onPing = onPing.with(listener));
    return this;
  }

  /** A pong has come. */
  public WebSocketConnection onPong(Consumer<Buffer> listener) {
    reactor.run(() -> onPong = onPong.with(listener));
    return this;
  }

  /** All that was queued is with the system, after a {@link SendResult#BACKPRESSURE}. */
  public WebSocketConnection onDrain(Runnable listener) {
    reactor.run(() -> onDrain = onDrain.with(listener));
    return this;
  }

  /** The peer broke the rules, or its connection failed; 'close' follows. */
  public WebSocketConnection onError(Consumer<NetException> listener) {
    reactor.run(() -> {
      onError = onError.with(listener);
      if (error != null) {
        reactor.nextTick(() -> guard(() -> listener.accept(Objects.requireNonNull(error))));
      }
    });
    return this;
  }

  /** The connection has ended; the last event, and always exactly one. */
  public WebSocketConnection onClose(Consumer<CloseEvent> listener) {
    reactor.run(() -> {
      onClose = onClose.with(listener);
      if (closeEvent != null) {
        reactor.nextTick(() -> guard(() -> listener.accept(Objects.requireNonNull(closeEvent))));
      }
    });
    return this;
  }

  /**
   * Takes out a listener that was added to any event, the same object; unknown ones are no error.
   */
  public WebSocketConnection off(Object listener) {
    reactor.run(() -> {
      onMessage = onMessage.without(listener);
      onPing = onPing.without(listener);
      onPong = onPong.without(listener);
      onDrain = onDrain.without(listener);
      onError = onError.without(listener);
      onClose = onClose.without(listener);
    });
    return this;
  }

  // What can be asked

  /** 1 while open, 2 while closing, 3 when closed, as in the browser. */
  public int readyState() {
    return endpoint.isOpen() ? 1 : endpoint.isClosed() ? 3 : 2;
  }

  /** The subprotocol that was chosen, or an empty text. */
  public String protocol() {
    return protocol;
  }

  /** The extensions that were agreed on, as the header says it, or an empty text. */
  public String extensions() {
    return extensions;
  }

  /** Bytes that were sent, with their framing, and are not yet with the system. On its loop. */
  public long bufferedAmount() {
    return endpoint.out().bufferedAmount();
  }

  /** The request that it began with: its headers, its URL, the client's address. */
  public HttpRequest request() {
    return request;
  }

  /** The connection beneath; over HTTP/2 others may have streams of it too. */
  public TcpSocket socket() {
    return endpoint.socket();
  }

  @Override
  public String toString() {
    return "WebSocketConnection " + socket().remote() + " " + request.url();
  }
}
