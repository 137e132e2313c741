package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.Uncaught;
import io.netloop.engine.Transport;
import io.netloop.loop.AbortController;
import io.netloop.loop.NetException;
import io.netloop.loop.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Making and binding sockets. */
class BindTest extends UdpTest {
  private UdpSocket failing(UdpOptions options, BindOptions where) {
    UdpSocket socket =
        socket(
            options,
            made ->
                made.onError(error -> log.add(error.getMessage()))
                    .onListening(() -> log.add("listening"))
                    .onClose(() -> log.add("close")));
    socket.bind(where);
    return socket;
  }

  @Test
  void onlyTwoTypesAreKnown() {
    String said = "ERR_SOCKET_BAD_TYPE Bad socket type specified. Valid types are: udp4, udp6";

    assertThat(thrown(() -> Dgram.createSocket("udp5"))).isEqualTo(said);
    assertThat(thrown(() -> Dgram.createSocket("UDP4"))).isEqualTo(said);
    assertThat(thrown(() -> Dgram.createSocket((String) null))).isEqualTo(said);
  }

  @Test
  void optionsAreChecked() {
    UdpOptions options = UdpOptions.udp4();

    assertThat(thrown(() -> options.withRecvBufferSize(-1)))
        .isEqualTo("ERR_SOCKET_BAD_BUFFER_SIZE Buffer size must be a positive integer, not -1");
    assertThat(thrown(() -> options.withSendBufferSize(-5))).startsWith("ERR_SOCKET_BAD_BUFFER");
    assertThat(thrown(() -> options.withMaxQueuedBytes(-1)))
        .isEqualTo("ERR_OUT_OF_RANGE maxQueuedBytes must be at least 0, not -1.");
    assertThat(thrown(() -> options.withReceiveBatch(65)))
        .isEqualTo("ERR_OUT_OF_RANGE receiveBatch must be from 1 to 64 datagrams, not 65.");
  }

  @Test
  void bindsToAllAddressesAndAPortOfTheSystemsChoice() {
    for (UdpOptions options : List.of(UdpOptions.udp4(), UdpOptions.udp6())) {
      UdpSocket socket = socket(options, made -> {});
      socket.bind();
      await().until(() -> !thrown(socket::address).startsWith("EBADF"));

      assertThat(socket.address().host()).isEqualTo(options.isIpv6() ? "::" : "0.0.0.0");
      assertThat(socket.address().family()).isEqualTo(options.isIpv6() ? "IPv6" : "IPv4");
      assertThat(socket.address().port()).isPositive();
    }
  }

  @Test
  void listeningComesLaterAndInTheOrderOfTheListeners() {
    socket(socket -> {
      socket.onListening(() -> log.add("first"));
      socket.bind(0, LOCALHOST, () -> log.add("bind's own"));
      socket.onListening(() -> log.add("added after"));
      log.add("bind has returned");
    });

    awaitLog("bind has returned", "first", "bind's own", "added after");
  }

  @Test
  void aNameIsLookedUp() {
    UdpSocket socket = socket();
    socket.bind(0, "localhost", () -> log.add(socket.address().host()));

    awaitLog(LOCALHOST);
  }

  @Test
  void aSecondBindIsRefusedWhileTheFirstIsUnderWayAndAfterIt() {
    onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
      socket.bind(0, () -> log.add(thrown(socket::bind)));
      log.add(thrown(socket::bind));
    });

    awaitLog(
        "ERR_SOCKET_ALREADY_BOUND Socket is already bound",
        "ERR_SOCKET_ALREADY_BOUND Socket is already bound");
  }

  @Test
  void aClosedSocketIsNotBound() {
    UdpSocket socket = socket();
    socket.close();

    assertThat(thrown(socket::bind)).isEqualTo("ERR_SOCKET_DGRAM_NOT_RUNNING Not running");
    assertThat(thrown(socket::address)).isEqualTo("ERR_SOCKET_DGRAM_NOT_RUNNING Not running");
  }

  @Test
  void addressIsUnknownBeforeListening() {
    assertThat(thrown(socket()::address)).isEqualTo("EBADF getsockname EBADF");
  }

  @Test
  void aTakenPortIsAnErrorThatNamesItsHolderAndBindMayBeTriedAgain() throws Exception {
    UdpSocket first = bound();
    CompletableFuture<NetException> failure = new CompletableFuture<>();
    UdpSocket second =
        socket(made -> made.onError(failure::complete).onClose(() -> log.add("close")));
    second.bind(port(first), LOCALHOST);

    NetException error = failure.get(5, TimeUnit.SECONDS);
    assertThat(error.getMessage())
        .startsWith("bind EADDRINUSE 127.0.0.1:" + port(first))
        .endsWith(", pid " + ProcessHandle.current().pid() + ", this process)");
    assertThat(error.errno()).isEqualTo(-98);
    assertThat(error.syscall()).isEqualTo("bind");
    assertThat(error.address()).isEqualTo(LOCALHOST);
    assertThat(error.port()).isEqualTo(port(first));

    second.bind(0, LOCALHOST, () -> log.add("bound now"));
    awaitLog("bound now");
  }

  @Test
  void whatTheSystemRefusesIsAnError() {
    failing(UdpOptions.udp4(), BindOptions.port(0).withAddress("192.0.2.1"));
    awaitInLog("bind EADDRNOTAVAIL 192.0.2.1");
    failing(UdpOptions.udp4(), BindOptions.port(0).withAddress("no.such.host.invalid"));
    awaitInLog("getaddrinfo ENOTFOUND no.such.host.invalid");
    failing(UdpOptions.udp4(), BindOptions.port(0).withAddress("::1"));
    awaitInLog("bind EINVAL ::1");
    failing(UdpOptions.udp6(), BindOptions.port(0).withAddress("127.0.0.1"));
    awaitInLog("bind EINVAL 127.0.0.1");

    assertThat(log).doesNotContain("listening", "close");
  }

  @Test
  void anErrorThatNobodyHearsReachesTheUncaughtHandler() {
    UdpSocket socket = socket();
    socket.bind(0, "192.0.2.1");

    assertThat(Uncaught.next()).hasMessage("bind EADDRNOTAVAIL 192.0.2.1");
  }

  @Test
  void anErrorWaitsForTheListenerOfTheThreadThatMadeTheSocket() {
    UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
    socket.bind(0, "192.0.2.1");
    settle();
    socket.onError(error -> log.add(error.code()));

    awaitLog("EADDRNOTAVAIL");
  }

  @Test
  void aPortOutOfRangeIsRefused() {
    assertThat(thrown(() -> socket().bind(-1)))
        .isEqualTo(
            "ERR_SOCKET_BAD_PORT options.port should be >= 0 and < 65536. Received type number (-1).");
    assertThat(thrown(() -> socket().bind(65536))).startsWith("ERR_SOCKET_BAD_PORT");
  }

  @Test
  void twoSocketsMayHaveOnePortWithReuseAddr() {
    UdpOptions options = UdpOptions.udp4().withReuseAddr(true);
    UdpSocket first = bound(options, socket -> {});
    UdpSocket second = socket(options, socket -> {});
    second.bind(port(first), LOCALHOST, () -> log.add("both"));

    awaitLog("both");
  }

  @Test
  void theSystemSpreadsDatagramsWithReusePort() {
    UdpOptions options = UdpOptions.udp4().withReusePort(true);
    UdpSocket first = bound(options, logged("first"));
    UdpSocket second = socket(options, logged("second"));
    second.bind(port(first), LOCALHOST, () -> log.add("both"));
    awaitInLog("both");

    for (int i = 0; i < 64; i++) {
      bound().send("x", port(first), LOCALHOST);
    }

    await().atMost(SOON).until(() -> log.size() == 65);
    assertThat(log).contains("first: x", "second: x");
  }

  @Test
  void workersShareAPortUnlessItIsExclusive() {
    UdpSocket free = bound();
    int port = port(free);
    free.close();
    await().until(() -> thrown(free::close).startsWith("ERR_SOCKET_DGRAM_NOT_RUNNING"));
    Workers workers =
        Workers.fork(
            2,
            () -> {
              UdpSocket socket = Dgram.createSocket("udp4");
              socket.bind(port, LOCALHOST, () -> log.add("bound"));
              UdpSocket alone = Dgram.createSocket("udp4");
              alone.onError(error -> log.add(error.code()));
              alone.bind(BindOptions.port(port).withAddress(LOCALHOST).withExclusive(true));
            });
    await().atMost(SOON).until(() -> log.size() == 4);
    workers.close(Duration.ofSeconds(1)).orTimeout(5, TimeUnit.SECONDS).join();

    assertThat(log).containsOnly("bound", "EADDRINUSE");
    assertThat(log.stream().filter("bound"::equals)).hasSize(2);
  }

  @Test
  void aSocketForIpv6HasTheIpv4PortTooUnlessItIsToldOtherwise() {
    UdpSocket both = socket(UdpOptions.udp6(), socket -> {});
    both.bind(0, () -> log.add("both"));
    awaitInLog("both");
    failing(UdpOptions.udp4(), BindOptions.port(port(both)));
    await().atMost(SOON).until(() -> log.size() == 2);
    assertThat(log.get(1)).startsWith("bind EADDRINUSE 0.0.0.0:" + port(both));

    assumeTrue(Transport.chosen() != Transport.NIO, "NIO knows no ipv6Only");
    UdpSocket only = socket(UdpOptions.udp6().withIpv6Only(true), socket -> {});
    only.bind(0, () -> log.add("only"));
    awaitInLog("only");
    failing(UdpOptions.udp4(), BindOptions.port(port(only)));
    awaitInLog("listening");
  }

  @Test
  void whatTheTransportCannotDoIsSaid() {
    assumeTrue(Transport.chosen() == Transport.NIO, "the native transports can");
    failing(UdpOptions.udp6().withIpv6Only(true), BindOptions.port(0));
    awaitInLog(
        "bind ENOTSUP :: (this transport has no ipv6Only: leave netloop.transport out to take one that has)");
    assertThat(thrown(() -> bound().setTTL(3))).isEqualTo("ENOTSUP setTTL ENOTSUP");
  }

  @Test
  void buffersAreSetByBindAndLinuxDoublesThem() {
    UdpSocket socket =
        bound(UdpOptions.udp4().withRecvBufferSize(20_000).withSendBufferSize(30_000), made -> {});
    int times = Transport.chosen() == Transport.NIO ? 1 : 2; // the JDK halves what Linux says

    assertThat(socket.getRecvBufferSize()).isEqualTo(20_000 * times);
    assertThat(socket.getSendBufferSize()).isEqualTo(30_000 * times);
    socket.setRecvBufferSize(25_000);
    socket.setSendBufferSize(35_000);
    assertThat(socket.getRecvBufferSize()).isEqualTo(25_000 * times);
    assertThat(socket.getSendBufferSize()).isEqualTo(35_000 * times);
  }

  @Test
  void aSignalClosesTheSocketWithoutAnError() {
    AbortController controller = new AbortController();
    bound(
        UdpOptions.udp4().withSignal(controller.signal()),
        socket -> socket.onClose(() -> log.add("close")).onError(e -> log.add("error")));
    controller.abort();

    awaitLog("close");
  }

  @Test
  void aSignalGivenBeforeClosesAtOnce() {
    AbortController controller = new AbortController();
    controller.abort();
    UdpSocket socket = socket(UdpOptions.udp4().withSignal(controller.signal()), made -> {});

    assertThat(thrown(socket::bind)).startsWith("ERR_SOCKET_DGRAM_NOT_RUNNING");
  }
}
