package io.netloop.chat;

import io.netloop.dgram.Dgram;
import io.netloop.dgram.RemoteInfo;
import io.netloop.dgram.UdpOptions;
import io.netloop.dgram.UdpSocket;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The two sockets of one who takes part in discovery. The ear is bound to the port that all share,
 * and hears the group and broadcasts. The mouth has a port of its own, speaks, and hears what is
 * sent back: sent to the shared port, an answer would reach just one of those who share it.
 * <i>Loop-confined</i>, but for the counter.
 */
final class Radio {
  /**
   * More datagrams than that are not looked at; all of them are from somebody who means ill, or
   * from so many rooms and guests that some may wait.
   */
  private static final int PER_SECOND = 1_000;

  private final Discovery discovery;
  private final String from;
  private final BiConsumer<Signal, RemoteInfo> heard;
  private final Consumer<NetException> trouble;
  private final SignalReader reader = new SignalReader();
  private final TokenBucket intake;
  private final UdpSocket ear;
  private final UdpSocket mouth;

  private final AtomicLong dropped = new AtomicLong();

  /**
   * A radio that is off.
   *
   * @param from the own address to speak from, {@code 0.0.0.0} for any
   * @param heard told what has come, and from whom
   * @param trouble told what the system refuses; the radio goes on with what it has
   */
  Radio(
      Discovery discovery,
      String from,
      BiConsumer<Signal, RemoteInfo> heard,
      Consumer<NetException> trouble) {
    Loop loop = Loop.current();
    this.discovery = discovery;
    this.from = from;
    this.heard = heard;
    this.trouble = trouble;
    intake = new TokenBucket(PER_SECOND, PER_SECOND, loop::nanoTime);
    ear = socket(UdpOptions.udp4().withReuseAddr(true));
    mouth = socket(UdpOptions.udp4());
  }

  private UdpSocket socket(UdpOptions options) {
    return Dgram.createSocket(options, this::received).onError(trouble);
  }

  /** Turns it on; {@code ready} runs once it can speak, or not at all. */
  void start(Runnable ready) {
    // The ear first: who speaks may be answered in the same moment.
    ear.bind(
        discovery.port(),
        "0.0.0.0",
        () -> attempt(() -> ear.addMembership(discovery.group(), discovery.via())));
    mouth.bind(
        0,
        from,
        () -> {
          attempt(() -> mouth.setBroadcast(true));
          String via = discovery.via();
          if (via != null) {
            attempt(() -> mouth.setMulticastInterface(via));
          }
          ready.run();
        });
  }

  private void attempt(Runnable call) {
    try {
      call.run();
    } catch (NetException refused) {
      trouble.accept(refused);
    }
  }

  void toGroup(Buffer datagram) {
    mouth.send(datagram, discovery.port(), discovery.group());
  }

  void toAll(Buffer datagram) {
    mouth.send(datagram, discovery.port(), discovery.broadcast());
  }

  /** What a peer does not get is its loss: its address may be forged, and is not worth a line. */
  void to(Buffer datagram, RemoteInfo peer) {
    mouth.send(
        datagram,
        peer.port(),
        peer.host(),
        (error, bytes) -> {
          if (error != null) {
            drop();
          }
        });
  }

  /** Turns it off for good. */
  CompletableFuture<@Nullable Void> stop() {
    return ear.dispose().thenCombine(mouth.dispose(), (a, b) -> null);
  }

  /** Counts a datagram that was of no use. */
  void drop() {
    dropped.incrementAndGet();
  }

  /** How many datagrams were of no use. Any thread. */
  long dropped() {
    return dropped.get();
  }

  private void received(Buffer datagram, RemoteInfo peer) {
    // Port 0 cannot be answered.
    Signal signal = peer.port() > 0 && intake.take() ? reader.read(datagram) : null;
    if (signal == null) {
      drop();
    } else {
      heard.accept(signal, peer);
    }
  }
}
