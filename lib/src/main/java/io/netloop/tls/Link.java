package io.netloop.tls;

import io.netloop.engine.Clock;
import io.netloop.engine.Encryption;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The encryption of one connection. In the pipeline, from the system to the socket:
 *
 * <pre>
 *   RecordIntake ─▶ Netty's SslHandler ─▶ Link's events ─▶ ChannelEvents of the socket
 * </pre>
 *
 * Loop-confined.
 */
abstract class Link extends Encryption implements RecordIntake.Link {
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int FATAL = 2;

  private final Reactor reactor = Reactor.current();
  private final TlsOptions options;
  private final RecordIntake intake;
  private final Events events = new Events();

  private @Nullable DuplexChannel channel;
  private @Nullable Owner owner;
  private @Nullable SslHandler handler;
  private @Nullable Engines engines;
  private @Nullable Future<?> deadline;
  private boolean secured;
  private boolean failed;
  private boolean renegotiable;
  private boolean closeNotified;
  private boolean endTold;

  /** Whether the engine does not tell of the peer's end by itself. */
  private boolean asksForEnd;

  private boolean alerted;

  /** Why the engine has given up, while its alert is on its way. */
  private @Nullable NetException reason;

  private long beganMillis;

  /** What the engine's callbacks say of the peer's certificate. */
  private @Nullable NetException peerError;

  Link(TlsOptions options, boolean awaitsHello) {
    this.options = options;
    this.intake = new RecordIntake(this, awaitsHello);
  }

  // Begin

  @Override
  public void begin(DuplexChannel to, Owner told) {
    channel = to;
    owner = told;
    to.pipeline().addFirst(events).addFirst(intake);
    deadline =
        reactor.schedule(
            this::timedOut, TimeUnit.MILLISECONDS.toNanos(options.handshakeTimeout().toMillis()));
    begun();
  }

  /** Both stages that need no engine are there. */
  abstract void begun();

  /** Puts the engine between them; a client's says its hello at once. */
  void start(Engines maker, String peerHost, int peerPort, @Nullable String servername) {
    engines = maker;
    DuplexChannel to = channel();
    SslHandler added = maker.newHandler(to.alloc(), peerHost, peerPort, servername);
    added.setHandshakeTimeoutMillis(0); // There is one for all of it, from the first byte on.
    handler = added;
    beganMillis = Clock.SYSTEM.epochMillis();
    asksForEnd = HalfClose.allow(added.engine());
    Handshakes.begin(added.engine(), this);
    to.pipeline().addBefore(to.pipeline().context(events).name(), null, added);
  }

  DuplexChannel channel() {
    return Objects.requireNonNull(channel);
  }

  Reactor reactor() {
    return reactor;
  }

  private void timedOut() {
    deadline = null;
    fail(
        new NetException(
            "ERR_TLS_HANDSHAKE_TIMEOUT",
            "TLS handshake timeout: it was not done within %s ms."
                .formatted(options.handshakeTimeout().toMillis())));
  }

  // What the engine's callbacks say, in the midst of the handshake

  /**
   * The peer's certificate was looked at.
   *
   * @param error what is wrong with it, or null
   */
  void peerChecked(@Nullable NetException error) {
    peerError = error;
  }

  /** What the peer's certificate must be for: the host that a client has meant; else null. */
  abstract @Nullable String expectedHost();

  /** Whether this side has asked for a certificate, and looks at it. */
  abstract boolean looksAtPeer();

  /** Whether the handshake was all, and the connection is none of the program's. */
  boolean endsAfterHandshake() {
    return false;
  }

  /** Looks at the certificate that an earlier session was made with. */
  abstract @Nullable NetException errorOf(X509Certificate[] chain);

  // The end of the handshake

  private void handshakeDone() {
    if (secured || failed) {
      return;
    }
    SSLEngine engine = handler().engine();
    Facts facts = facts(engine);
    NetException notTaken = peerError;
    if (isServer() && looksAtPeer() && rejects() && notTaken != null) {
      fail(notTaken); // Of a session that was right when it began: the engine did not look again.
      return;
    }
    renegotiable = !facts.protocol().equals("TLSv1.3");
    secured = true;
    over();
    succeeded(facts);
    if (endsAfterHandshake()) {
      intake.stop(); // Nothing that comes now is for the program.
      end(this::close);
      return;
    }
    owner().secured(facts);
  }

  private Facts facts(SSLEngine engine) {
    Session session = Session.of(engine, looksAtPeer());
    boolean reused = Objects.requireNonNull(engines).isReused(engine, beganMillis);
    boolean hasPeer = !session.peerCertificates().isEmpty();
    // A client's certificate may have run out, or been taken back, since its session began.
    if (reused && hasPeer && (isServer() || !rejects())) {
      peerError = errorOf(session.peerCertificates().toArray(new X509Certificate[0]));
    }
    if (looksAtPeer() && !hasPeer) {
      peerError =
          new NetException("UNABLE_TO_GET_ISSUER_CERT", "The peer has shown no certificate.");
    }
    return new Facts(
        session.protocol(),
        session.cipher(),
        servername(),
        session.alpnProtocol(),
        session.peerCertificates(),
        session.certificates(),
        reused,
        peerError,
        looksAtPeer() && peerError == null);
  }

  abstract @Nullable String servername();

  void succeeded(Facts facts) {}

  void refusedBy(NetException why) {}

  /** The handshake has failed, or later the peer has broken the rules. */
  private void fail(NetException why) {
    if (failed) {
      return;
    }
    failed = true;
    NetException known = reason == null ? why : reason;
    intake.stop();
    over();
    if (!secured) {
      refusedBy(known);
    }
    owner().encryptionFailed(known);
  }

  /** The engine tells of its failure before it has sent its alert, which a close would cut off. */
  private void failSoon(NetException why) {
    intake.stop();
    reactor.execute(() -> fail(why));
    reason = why;
  }

  private void over() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
    if (handler != null) {
      Handshakes.end(handler.engine());
    }
  }

  private SslHandler handler() {
    return Objects.requireNonNull(handler);
  }

  private Owner owner() {
    return Objects.requireNonNull(owner);
  }

  // What the intake says

  @Override
  public void hello(ByteBuf bytes) {
    throw new IllegalStateException("A client's link waits for no hello.");
  }

  @Override
  public void record(ByteBuf bytes, int at) {
    int type = bytes.getUnsignedByte(at);
    if (!secured && type == ALERT && bytes.getUnsignedShort(at + 3) == 2) {
      plainAlert(bytes.getUnsignedByte(at + 5), bytes.getUnsignedByte(at + 6));
    } else if (secured && renegotiable && type == HANDSHAKE && isServer()) {
      // Each would cost us what the first has, and the client nothing (CVE-2011-1473).
      intake.stop();
      fail(
          new NetException(
              "ERR_SSL_RENEGOTIATION", "The client wants another handshake: only one is made."));
    }
  }

  /** In TLS 1.3 OpenSSL's client says this plainly where an engine expects it encrypted. */
  private void plainAlert(int level, int number) {
    if (level == FATAL && handler != null) {
      intake.stop();
      fail(TlsErrors.ofAlert(number));
    }
  }

  abstract boolean isServer();

  /** Whether a peer whose certificate is not right is refused. */
  boolean rejects() {
    return options.rejectUnauthorized();
  }

  @Override
  public void refused(NetException why, ByteBuf bytes) {
    if (!secured && handler == null && !alerted) {
      answerRefused(why);
    }
    fail(why);
  }

  /** Tells a client that is no such why, in its own words if we know them. */
  void answerRefused(NetException why) {
    alert(
        why.code().equals("ERR_SSL_WRONG_VERSION_NUMBER") ? Alert.PROTOCOL_VERSION : Alert.DECODE);
  }

  /** An alert before anything is encrypted (RFC 8446 §6); the caller ends the connection. */
  void alert(Alert alert) {
    alerted = true;
    say(Unpooled.wrappedBuffer(new byte[] {ALERT, 3, 3, 0, 2, FATAL, (byte) alert.number()}));
  }

  /** Says something below the encryption. */
  void say(ByteBuf bytes) {
    channel().pipeline().context(intake).writeAndFlush(bytes);
  }

  /** Ends what can't even begin. */
  void giveUp(NetException why) {
    fail(why);
  }

  // What the channel and the engine say

  private final class Events extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      boolean outermost = reactor.enter();
      try {
        happened(event);
      } finally {
        reactor.exit(outermost);
      }
    }

    private void happened(Object event) {
      if (event instanceof SslHandshakeCompletionEvent completion) {
        if (completion.isSuccess()) {
          handshakeDone();
        } else {
          failSoon(handshakeFailure(completion.cause()));
        }
      } else if (event instanceof SslCloseCompletionEvent closed) {
        if (closed.isSuccess() && !asksForEnd) { // Else it may mean our own end.
          closeNotified = true;
          tellEnd(false);
        }
      } else if (event == ChannelInputShutdownEvent.INSTANCE) {
        if (secured) {
          askForEnd();
          tellEnd(!closeNotified);
        } else {
          fail(lost());
        }
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (asksForEnd && secured && !closeNotified) {
        boolean outermost = reactor.enter();
        try {
          askForEnd();
        } finally {
          reactor.exit(outermost);
        }
      }
      context.fireChannelReadComplete();
    }

    private void askForEnd() {
      if (asksForEnd && !closeNotified && HalfClose.hasPeerEnded(handler().engine())) {
        closeNotified = true;
        intake.stop(); // What comes behind the end is nothing.
        tellEnd(false);
      }
    }

    @Override
    @SuppressWarnings("deprecation") // not deprecated for inbound handlers, only for outbound ones
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      RuntimeException explained = explain(failure);
      if (explained == null && (secured || !isServer())) {
        context.fireExceptionCaught(failure);
        return;
      }
      boolean outermost = reactor.enter();
      try {
        fail(explained == null ? lost(failure) : (NetException) explained);
      } finally {
        reactor.exit(outermost);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!secured && !failed) {
        boolean outermost = reactor.enter();
        try {
          fail(lost());
        } finally {
          reactor.exit(outermost);
        }
      }
      context.fireChannelInactive();
    }
  }

  private void tellEnd(boolean truncated) {
    if (secured && !failed && !endTold) {
      endTold = true;
      owner().peerEnded(truncated);
    }
  }

  private NetException handshakeFailure(Throwable cause) {
    NetException ours = peerError;
    if (ours != null && rejects()) {
      return ours;
    }
    NetException explained = TlsErrors.of(cause);
    return explained == null ? lost(cause) : explained;
  }

  /** The peer is gone before the handshake was done. */
  private NetException lost() {
    return new NetException(
        "ECONNRESET",
        isServer()
            ? "socket hang up: the client has closed the connection before its TLS handshake was done."
            : "Client network socket disconnected before secure TLS connection was established");
  }

  private NetException lost(Throwable cause) {
    if (cause instanceof IOException && Errno.of(cause) == Errno.ECONNRESET) {
      return NetException.system("read", "ECONNRESET");
    }
    return lost();
  }

  @Override
  public @Nullable RuntimeException explain(Throwable failure) {
    return TlsErrors.of(failure);
  }

  // The end

  @Override
  public void end(Runnable done) {
    SslHandler closing = handler;
    if (closing == null || failed) {
      done.run();
      return;
    }
    closing
        .closeOutbound()
        .addListener(
            (ChannelFuture said) -> channel().shutdownOutput().addListener(f -> done.run()));
  }

  @Override
  public void close() {
    over();
    DuplexChannel closing = channel;
    if (closing == null) {
      return;
    }
    if (!secured && !failed) {
      failed = true;
      intake.stop();
      refusedBy(new NetException("ECONNABORTED", "This program has ended the connection."));
    }
    ChannelHandlerContext first = closing.pipeline().firstContext();
    if (first == null) {
      closing.close();
    } else {
      first.close(); // Past the engine: an end that is no end is not said.
    }
  }

  TlsOptions options() {
    return options;
  }
}
