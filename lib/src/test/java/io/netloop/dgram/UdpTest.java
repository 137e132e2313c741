package io.netloop.dgram;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all tests over real sockets need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class UdpTest {
  static final Duration SOON = Duration.ofSeconds(5);
  static final String LOCALHOST = "127.0.0.1";

  final Loop loop = Loop.current();
  final List<String> log = new CopyOnWriteArrayList<>();
  private final List<UdpSocket> sockets = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() {
    sockets.forEach(UdpSocket::dispose);
  }

  /** A socket that is made, and listened to, on the loop. */
  UdpSocket socket(UdpOptions options, Consumer<UdpSocket> listen) {
    return onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket(options));
      listen.accept(socket);
      return socket;
    });
  }

  UdpSocket socket(Consumer<UdpSocket> listen) {
    return socket(UdpOptions.udp4(), listen);
  }

  UdpSocket socket() {
    return socket(socket -> {});
  }

  UdpSocket closedLater(UdpSocket socket) {
    sockets.add(socket);
    return socket;
  }

  /** A socket that is bound to a free port of the loopback address. */
  UdpSocket bound(UdpOptions options, Consumer<UdpSocket> listen) {
    UdpSocket socket = socket(options, listen);
    CompletableFuture<Void> listening = new CompletableFuture<>();
    socket.bind(0, options.isIpv6() ? "::1" : LOCALHOST, () -> listening.complete(null));
    listening.orTimeout(5, TimeUnit.SECONDS).join();
    return socket;
  }

  UdpSocket bound(Consumer<UdpSocket> listen) {
    return bound(UdpOptions.udp4(), listen);
  }

  UdpSocket bound() {
    return bound(socket -> {});
  }

  /** Keeps what a socket gets in the log, as {@code name: text from port}. */
  Consumer<UdpSocket> logged(String name) {
    return socket -> socket.onMessage((message, remote) -> log.add(name + ": " + message));
  }

  static int port(UdpSocket socket) {
    return socket.address().port();
  }

  <T> T onLoop(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(() -> {
      try {
        result.complete(work.call());
      } catch (Throwable failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.orTimeout(5, TimeUnit.SECONDS).join();
  }

  void onLoop(Runnable work) {
    onLoop(() -> {
      work.run();
      return null;
    });
  }

  void awaitLog(String... lines) {
    await()
        .atMost(java.time.Duration.ofSeconds(5))
        .untilAsserted(
            () -> org.assertj.core.api.Assertions.assertThat(log).containsExactly(lines));
  }

  void awaitInLog(String line) {
    await(line).atMost(SOON).until(() -> log.contains(line));
  }

  /** What the call throws: its code and its text. */
  static String thrown(Runnable call) {
    NetException thrown = catchThrowableOfType(NetException.class, call::run);
    return thrown == null ? "nothing" : thrown.code() + " " + thrown.getMessage();
  }

  /** Has the log tell what becomes of a datagram. */
  SendCallback logs(String name) {
    return (error, bytes) ->
        log.add(name + " " + (error == null ? String.valueOf(bytes) : error.getMessage()));
  }

  /** Waits until the loop has dealt with what is on its way to it now. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> turned.complete(null))));
      turned.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  static Buffer bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return Buffer.from(bytes);
  }
}
