package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.engine.SocketAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import io.netloop.loop.OutboxLimits;
import io.netloop.net.ConnectOptions;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes, ends and limits over TLS: all is as without it. */
class TlsSocketTest extends TlsTest {
  private static final int LARGE = 5_000_000;

  private static CompletableFuture<Buffer> bytesOf(TcpSocket socket, int count) {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    CompletableFuture<Buffer> all = new CompletableFuture<>();
    socket.onData(data -> {
      got.writeBytes(data.toByteArray());
      if (got.size() >= count) {
        all.complete(Buffer.from(got.toByteArray()));
      }
    });
    return all;
  }

  // Bytes

  @ParameterizedTest
  @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
  void manyBytesGoBothWaysAtOnce(TlsProvider servers, TlsProvider clients) {
    Pair pair = pair(serverOptions(servers), clientOptions(clients), TcpOptions.defaults());
    Buffer data = bytes(LARGE);
    CompletableFuture<Buffer> there = bytesOf(pair.accepted(), LARGE);
    CompletableFuture<Buffer> back = bytesOf(pair.client(), LARGE);

    pair.client().write(data);
    pair.accepted().write(data);

    assertThat(join(there)).isEqualTo(data);
    assertThat(join(back)).isEqualTo(data);
    assertThat(pair.client().bytesWritten()).isEqualTo(LARGE);
    assertThat(pair.client().bytesRead()).isEqualTo(LARGE);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whatIsWrittenBeforeTheHandshakeGoesAfterIt(TlsProvider provider) {
    CompletableFuture<String> got = new CompletableFuture<>();
    TlsServer server =
        listen(serverOptions(provider), socket -> all(socket).thenAccept(got::complete));

    connect(
        server,
        clientOptions(provider),
        socket -> {
          socket.write("first ");
          socket.onConnect(() -> socket.write("second "));
          socket.onSecureConnect(() -> socket.end("third"));
        });

    assertThat(join(got)).isEqualTo("first second third");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aCallbackIsToldWhenTheBytesAreOnTheirWay(TlsProvider provider) {
    Pair pair = pair(provider);
    CompletableFuture<NetException> told = new CompletableFuture<>();
    pair.accepted().resume();

    pair.client().write(bytes(100_000), told::complete);

    assertThat(join(told)).isNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anEchoOfAPipeIsEncryptedToo(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> socket.pipe(socket));
    Buffer data = bytes(LARGE);
    CompletableFuture<Buffer> back = new CompletableFuture<>();

    connect(
        server,
        clientOptions(provider),
        socket -> {
          bytesOf(socket, LARGE).thenAccept(back::complete);
          socket.write(data);
        });

    assertThat(join(back)).isEqualTo(data);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aProxyMayTakeTheEncryptionOff(TlsProvider provider) {
    TcpServer plain =
        Net.createServer(socket -> {
          closedLater(socket);
          socket.pipe(socket);
        });
    plain.listen(0, "127.0.0.1");
    await().until(plain::listening);
    try {
      TlsServer proxy =
          listen(
              serverOptions(provider),
              socket -> {
                TcpSocket inner = Net.createConnection(plain.address().port(), "127.0.0.1");
                closedLater(inner).onError(error -> socket.destroy());
                socket.pipe(inner).pipe(socket);
              });
      Buffer data = bytes(LARGE);
      CompletableFuture<Buffer> back = new CompletableFuture<>();

      connect(
          proxy,
          clientOptions(provider),
          socket -> {
            bytesOf(socket, LARGE).thenAccept(back::complete);
            socket.write(data);
          });

      assertThat(join(back)).isEqualTo(data);
    } finally {
      plain.close();
    }
  }

  // Limits

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aPeerThatDoesNotReadIsWaitedFor(TlsProvider provider) {
    Pair pair = pair(provider);
    pair.accepted().pause();
    CompletableFuture<Void> drained = new CompletableFuture<>();
    pair.client().onDrain(() -> drained.complete(null));

    long written =
        onLoop(() -> {
          long sum = 0;
          while (pair.client().write(bytes(64 * 1024))) {
            sum += 64 * 1024;
          }
          return sum + 64 * 1024;
        });
    while (onLoop(() -> pair.client().writableLength()) == 0) {
      pair.client().write(bytes(1 << 20));
      written += 1 << 20;
    }
    assertThat(drained).isNotDone();

    CompletableFuture<Buffer> all = bytesOf(pair.accepted(), (int) written);
    pair.accepted().resume();
    join(drained);
    assertThat(join(all).length()).isEqualTo((int) written);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aPeerThatNeverReadsIsCutAtTheLimit(TlsProvider provider) {
    OutboxLimits limits = OutboxLimits.defaults().withHardLimit(1 << 20);
    Pair pair =
        pair(
            serverOptions(provider),
            clientOptions(provider),
            TcpOptions.defaults().withLimits(limits));
    pair.accepted().pause();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    pair.client().onError(error -> {}).onClose(closed::complete);

    onLoop(() -> {
      while (!pair.client().destroyed()) {
        pair.client().write(bytes(256 * 1024));
      }
    });

    assertThat(join(closed).code()).isEqualTo("ERR_OUTBOX_LIMIT");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aPausedSocketReadsNoMoreThanItsMark(TlsProvider provider) {
    Pair pair = pair(provider);
    onLoop(() -> pair.accepted().pause());
    pair.client().write(bytes(8 << 20));

    await().until(() -> onLoop(() -> pair.accepted().readableLength()) > 0);
    await().until(() -> onLoop(() -> pair.client().writableLength()) > 0);

    assertThat(onLoop(() -> pair.accepted().readableLength())).isLessThan(3 << 20);
    CompletableFuture<Buffer> all = bytesOf(pair.accepted(), 8 << 20);
    pair.accepted().resume();
    assertThat(join(all)).isEqualTo(bytes(8 << 20));
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aServerThatWaitsAtConnectStillShakesHands(TlsProvider provider) {
    Pair pair =
        pair(
            serverOptions(provider),
            clientOptions(provider),
            TcpOptions.defaults().withPauseOnConnect(true));
    CompletableFuture<Buffer> got = bytesOf(pair.accepted(), 5);
    pair.client().write("hello");
    onLoop(() -> null);
    assertThat(got).isNotDone();

    pair.accepted().resume();

    assertThat(join(got).toString()).isEqualTo("hello");
  }

  // Ends

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,OPENSSL,TLSv1.3",
    "OPENSSL,OPENSSL,TLSv1.2",
    "OPENSSL,JDK,TLSv1.3",
    "JDK,OPENSSL,TLSv1.3",
    "JDK,JDK,TLSv1.3"
  })
  void whoHasEndedIsStillAnswered(TlsProvider servers, TlsProvider clients, String version) {
    CompletableFuture<TcpSocket> ended = new CompletableFuture<>();
    TlsServer server =
        listen(
            new TlsServer(
                    serverOptions(servers).withMaxVersion(version),
                    TcpOptions.defaults().withAllowHalfOpen(true))
                .onSecureConnection(socket -> {
                  socket.onError(error -> {});
                  all(socket)
                      .thenAccept(question -> {
                        ended.complete(socket);
                        socket.write("you said " + question);
                        socket.write(bytes(LARGE));
                        socket.end();
                      });
                }));
    CompletableFuture<Buffer> answer = new CompletableFuture<>();
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();

    connect(
        port(server),
        clientOptions(clients),
        TcpOptions.defaults(),
        socket -> {
          socket.onClose(closed::complete).onError(error -> {});
          ByteArrayOutputStream got = new ByteArrayOutputStream();
          socket.onData(data -> got.writeBytes(data.toByteArray()));
          socket.onEnd(() -> answer.complete(Buffer.from(got.toByteArray())));
          socket.end("hello");
        });

    Buffer all = join(answer);
    assertThat(all.length())
        .describedAs(join(closed) + " " + join(ended).errored())
        .isEqualTo("you said hello".length() + LARGE);
    assertThat(all.toString()).startsWith("you said hello");
    assertThat(join(closed).hadError()).isFalse();
    assertThat(join(closed).code()).isEqualTo("END");
    assertThat(join(ended).errored()).isNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void eventsComeInNodesOrder(TlsProvider provider) {
    List<String> told = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    TlsServer server = listen(serverOptions(provider), socket -> socket.end("bye"));

    connect(
        server,
        clientOptions(provider),
        socket ->
            socket
                .onConnect(() -> told.add("connect " + socket.getProtocol()))
                .onReady(() -> told.add("ready"))
                .onSecureConnect(() -> told.add("secureConnect " + socket.getProtocol()))
                .onData(data -> told.add(data.toString()))
                .onEnd(() -> told.add("end"))
                .onFinish(() -> told.add("finish"))
                .onClose(why -> {
                  told.add("close " + why.code());
                  closed.complete(null);
                }));

    join(closed);
    assertThat(told)
        .containsExactly(
            "connect null", "ready", "secureConnect TLSv1.3", "bye", "end", "finish", "close END");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aConnectionThatIsCutEndsWithoutTheWordForIt(TlsProvider provider) {
    Pair pair = pair(provider);
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    pair.client().onClose(closed::complete);
    pair.client().resume();

    pair.accepted().destroy();

    assertThat(join(closed).hadError()).isFalse();
    assertThat(SocketAccess.of(TcpSocket.class).isTruncated(pair.client())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anEndThatWasSaidIsNotCut(TlsProvider provider) {
    Pair pair = pair(provider);
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    pair.client().onClose(closed::complete);
    pair.client().resume();
    pair.accepted().resume();

    pair.accepted().end();

    join(closed);
    assertThat(SocketAccess.of(TcpSocket.class).isTruncated(pair.client())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aResetIsAResetAsWithoutTls(TlsProvider provider) {
    Pair pair = pair(provider);
    CompletableFuture<NetException> failed = new CompletableFuture<>();
    pair.client().onError(failed::complete);

    pair.accepted().resetAndDestroy();

    assertThat(join(failed).code()).isEqualTo("ECONNRESET");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aWriteAfterTheEndFails(TlsProvider provider) {
    Pair pair = pair(provider);
    CompletableFuture<NetException> told = new CompletableFuture<>();
    pair.client().onError(error -> {});

    onLoop(() -> {
      pair.client().end();
      pair.client().write(Buffer.from("late"), told::complete);
    });

    assertThat(join(told).code()).isEqualTo("ERR_STREAM_WRITE_AFTER_END");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aSocketConnectsAgainWithANewHandshake(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> socket.end("bye"));
    List<String> told = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> twice = new CompletableFuture<>();

    connect(
        server,
        clientOptions(provider),
        socket ->
            socket
                .onSecureConnect(() -> told.add("secure"))
                .onData(data -> told.add(data.toString()))
                .onClose(why -> {
                  if (told.size() == 2) {
                    socket.connect(
                        ConnectOptions.port(port(server)).withHost("localhost").withFamily(4));
                  } else {
                    twice.complete(null);
                  }
                }));

    join(twice);
    assertThat(told).containsExactly("secure", "bye", "secure", "bye");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aListenerThatThrowsCostsItsConnectionOnly(TlsProvider provider) {
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    TlsServer server =
        listen(
            serverOptions(provider),
            socket -> {
              socket.onClose(closed::complete);
              throw new IllegalStateException("on purpose");
            });

    outcome(server, clientOptions(provider));

    assertThat(join(closed).code()).isEqualTo("LISTENER_FAILED");
    assertThat(Uncaught.next()).hasMessage("on purpose");
    assertThat(outcome(server, clientOptions(provider)).error()).isNull();
    assertThat(Uncaught.next()).hasMessage("on purpose");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aConnectionThatIsThereIsEncrypted(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> socket.pipe(socket));
    CompletableFuture<String> back = new CompletableFuture<>();

    onLoop(() -> {
      TcpSocket socket = closedLater(Net.createConnection(port(server), "127.0.0.1"));
      socket.onError(back::completeExceptionally);
      socket.onData(data -> back.complete(data + " " + socket.getProtocol()));
      socket.onConnect(() ->
          Tls.connect(
              socket, "localhost", clientOptions(provider), secure -> secure.write("inside")));
    });

    assertThat(join(back)).isEqualTo("inside TLSv1.3");
  }

  @Test
  void whatCannotBeEncryptedNowIsAnError() {
    Pair pair = pair(TlsProvider.OPENSSL);
    TlsOptions options = clientOptions(TlsProvider.OPENSSL);
    CompletableFuture<NetException> twice = new CompletableFuture<>();
    pair.client().onError(twice::complete);
    Tls.connect(pair.client(), "localhost", options, socket -> {});
    assertThat(join(twice).code()).isEqualTo("ERR_SOCKET_CLOSED");

    TlsServer server = listen(serverOptions(TlsProvider.OPENSSL), socket -> {});
    CompletableFuture<NetException> queued = new CompletableFuture<>();
    onLoop(() -> {
      TcpSocket socket = closedLater(Net.createConnection(port(server), "127.0.0.1"));
      socket.onError(queued::complete);
      socket.onConnect(() -> {
        socket.write("waits");
        Tls.connect(socket, "localhost", options, secure -> {});
      });
    });
    assertThat(join(queued).code()).isEqualTo("ERR_INVALID_STATE");
    assertThat(join(queued)).hasMessageContaining("5 bytes are");
  }

  @Test
  void whatCameBeforeTheHandshakeIsNotTakenForAPartOfIt() {
    TcpServer server =
        Net.createServer(
                socket -> {
                  closedLater(socket).onError(error -> {});
                  socket.write("220 go ahead\r\n250 added in between");
                })
            .listen(0, "127.0.0.1");
    try {
      await().until(server::listening);
      CompletableFuture<NetException> unread = new CompletableFuture<>();
      CompletableFuture<NetException> halfRead = new CompletableFuture<>();
      TlsOptions options = clientOptions(TlsProvider.OPENSSL);

      TcpSocket waits = closedLater(Net.createConnection(server.address().port(), "127.0.0.1"));
      waits.onError(unread::complete);
      await().until(() -> waits.readableLength() == 34);
      Tls.connect(waits, "localhost", options, secure -> {});

      onLoop(() -> {
        TcpSocket reads = closedLater(Net.createConnection(server.address().port(), "127.0.0.1"));
        reads.onError(halfRead::complete);
        reads.onRead(
            new byte[14],
            (length, array) -> {
              Tls.connect(reads, "localhost", options, secure -> {});
              return true;
            });
      });

      assertThat(join(unread).code()).isEqualTo("ERR_INVALID_STATE");
      assertThat(join(unread)).hasMessageContaining("34 bytes wait");
      assertThat(join(halfRead)).hasMessageContaining("20 bytes wait");
    } finally {
      server.close();
    }
  }

  // Drain, admission and the rest of TCP

  @Test
  void aServerDrainsItsConnections() {
    Pair pair = pair(TlsProvider.OPENSSL);
    CompletableFuture<CloseCause> closed = new CompletableFuture<>();
    pair.client().onClose(closed::complete);
    pair.client().resume();
    pair.accepted().resume();

    var report = pair.accepted().server().drain(Duration.ofSeconds(5));

    assertThat(join(report).cut()).isZero();
    assertThat(join(closed).hadError()).isFalse();
  }

  @Test
  void whoIsNotAdmittedCostsNoHandshake() {
    TlsServer server = listen(Tls.createServer(serverOptions(TlsProvider.OPENSSL), socket -> {}));
    List<Object> dropped = new ArrayList<>();
    server.tcp().maxConnections(0).onDrop(dropped::add);

    NetException error = outcome(server, clientOptions(TlsProvider.OPENSSL)).error();

    assertThat(error.code()).isEqualTo("ECONNRESET");
    assertThat(error)
        .hasMessage(
            "Client network socket disconnected before secure TLS connection was established");
    assertThat(dropped).hasSize(1);
    assertThat(server.stats().underWay()).isZero();
    assertThat(refused).isEmpty();
  }

  @Test
  void aPlainSocketKnowsNothingOfTls() {
    TcpSocket socket = new TcpSocket();

    assertThat(socket.encrypted()).isFalse();
    assertThat(socket.authorized()).isFalse();
    assertThat(socket.authorizationError()).isNull();
    assertThat(socket.getProtocol()).isNull();
    assertThat(socket.getCipher()).isNull();
    assertThat(socket.getPeerCertificate()).isNull();
    assertThat(socket.getPeerCertificates()).isEmpty();
    assertThat(socket.getCertificate()).isNull();
    assertThat(socket.alpnProtocol()).isNull();
    assertThat(socket.servername()).isNull();
    assertThat(socket.isSessionReused()).isFalse();
  }

  @Test
  void aNameThatCanBeNoServersIsAnErrorOfTheConnection() {
    TlsServer server = listen(serverOptions(TlsProvider.OPENSSL), socket -> {});

    NetException error =
        outcome(server, clientOptions(TlsProvider.OPENSSL).withServername("no name")).error();

    assertThat(error.code()).isEqualTo("ERR_INVALID_ARG_VALUE");
    assertThat(error).hasMessageContaining("'no name' can't be asked for");
  }

  @Test
  void aProviderThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> TlsProvider.choose("gnutls"))
        .hasMessage("-Dnetloop.tls must be openssl or jdk, not 'gnutls'.");
    assertThat(TlsProvider.choose("JDK")).isEqualTo(TlsProvider.JDK);
    assertThat(TlsProvider.choose("")).isEqualTo(TlsProvider.OPENSSL);
  }
}
