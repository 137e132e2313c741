package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import io.netloop.net.Net;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that send nonsense, nothing, too much, or vanish: each costs its own connection only. */
class TlsAbuseTest extends TlsTest {
  /** All that a server says to these bytes; a reset is an end. */
  private static byte[] ask(TlsServer server, byte[] bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port(server))) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes);
      return hear(socket);
    }
  }

  private static byte[] hear(Socket socket) throws IOException {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try {
      for (int next; (next = socket.getInputStream().read()) >= 0; ) {
        heard.write(next);
      }
    } catch (SocketException reset) {
      // It has ended all the same.
    }
    return heard.toByteArray();
  }

  private TlsServer echo(TlsOptions options) {
    return listen(options, socket -> socket.pipe(socket));
  }

  private void serves(TlsServer server, TlsProvider provider) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    connect(
        server,
        clientOptions(provider),
        socket -> {
          socket.onError(answer::completeExceptionally);
          socket.onData(data -> answer.complete(data.toString()));
          socket.write("still there?");
        });
    assertThat(join(answer)).isEqualTo("still there?");
  }

  private void isRefused(String code) {
    await().until(() -> !refused.isEmpty());
    assertThat(refused.removeFirst().code()).isEqualTo(code);
  }

  // Nonsense

  @Test
  void garbageIsAnsweredWithAnAlertAndCostsNoEngine() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));

    assertThat(ask(server, "garbage\n".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(HexFormat.of().parseHex("15030300020246"));

    isRefused("ERR_SSL_WRONG_VERSION_NUMBER");
    assertThat(Handshakes.count()).isZero();
    serves(server, TlsProvider.OPENSSL);
  }

  @Test
  void plainHttpGetsNoAnswerInHttpWhereNobodySpeaksIt() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));

    assertThat(ask(server, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))).isEmpty();

    isRefused("ERR_SSL_HTTP_REQUEST");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void randomBytesBehindAHelloEndTheConnectionAndNothingElse(TlsProvider provider)
      throws IOException {
    TlsServer server = echo(serverOptions(provider));
    byte[] hello = ClientHelloTest.real("localhost");
    Random random = new Random(7);

    for (int round = 0; round < 30; round++) {
      byte[] rest = new byte[1 + random.nextInt(400)];
      random.nextBytes(rest);
      if (round % 2 == 0 && rest.length > 5) {
        System.arraycopy(new byte[] {23, 3, 3, 0, (byte) (rest.length - 5)}, 0, rest, 0, 5);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(hello);
      all.writeBytes(rest);
      try (Socket socket = new Socket("127.0.0.1", port(server))) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(all.toByteArray());
        socket.shutdownOutput();
        hear(socket);
      }
    }

    await().until(() -> refused.size() == 30);
    assertThat(refused).allMatch(error -> !error.code().isEmpty());
    serves(server, provider);
    assertThat(server.stats().failures()).isEqualTo(30);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void bentHellosEndTheConnectionAndNothingElse(TlsProvider provider) throws IOException {
    TlsServer server = echo(serverOptions(provider));
    Random random = new Random(11);

    for (int round = 0; round < 60; round++) {
      byte[] hello = ClientHelloTest.real("localhost");
      hello[5 + random.nextInt(hello.length - 5)] ^= (byte) (1 + random.nextInt(255));
      try (Socket socket = new Socket("127.0.0.1", port(server))) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(hello);
        socket.shutdownOutput();
        hear(socket);
      }
    }

    await().until(() -> server.stats().underWay() == 0);
    assertThat(Handshakes.count()).isZero();
    serves(server, provider);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void bytesThatWereChangedOnTheirWayEndTheConnection(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> socket.resume());
    Relay relay = new Relay(port(server));
    try {
      TcpSocket client = outcome(relay.port(), clientOptions(provider)).socket();
      CompletableFuture<String> closed = new CompletableFuture<>();
      client.onError(error -> {}).onClose(why -> closed.complete(why.code()));
      client.resume();
      await().until(() -> server.stats().succeeded() == 1);

      relay.bend();
      client.write("hello");

      assertThat(join(closed)).matches("END|ECONNRESET|ERR_SSL_.*");
      assertThat(server.tcp().noise()).isZero();
    } finally {
      relay.close();
    }
  }

  // Too much

  @Test
  void aRecordThatIsTooLongIsNotWaitedFor() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(ClientHelloTest.real("localhost"));
    all.writeBytes(new byte[] {23, 3, 3, (byte) 0xff, (byte) 0xff});

    ask(server, all.toByteArray());

    isRefused("ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG");
  }

  @Test
  void aHelloInCrumbsIsRefused() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));
    byte[] hello = ClientHelloTest.real("localhost");
    ByteArrayOutputStream crumbs = new ByteArrayOutputStream();
    for (int i = 5; i < hello.length; i++) {
      crumbs.writeBytes(new byte[] {22, 3, 1, 0, 1, hello[i]});
    }

    ask(server, crumbs.toByteArray());

    isRefused("ERR_SSL_EXCESSIVE_MESSAGE_SIZE");
  }

  // Nothing

  @ParameterizedTest
  @CsvSource({"OPENSSL,0", "OPENSSL,3", "OPENSSL,1000000", "JDK,1000000"})
  void whoFallsSilentInTheHandshakeIsCut(TlsProvider provider, int sent) throws IOException {
    TlsServer server = echo(serverOptions(provider).withHandshakeTimeout(Duration.ofMillis(300)));
    byte[] hello = ClientHelloTest.real("localhost");

    try (Socket socket = new Socket("127.0.0.1", port(server))) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello, 0, Math.min(sent, hello.length));
      hear(socket);
    }

    isRefused("ERR_TLS_HANDSHAKE_TIMEOUT");
    await().until(() -> server.tcp().connections() == 0);
    serves(server, provider);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aServerThatNeverAnswersIsGivenUp(TlsProvider provider) {
    TcpServer silent = Net.createServer(this::closedLater);
    silent.listen(0, "127.0.0.1");
    await().until(silent::listening);
    try {
      NetException error =
          outcome(
                  silent.address().port(),
                  clientOptions(provider).withHandshakeTimeout(Duration.ofMillis(300)))
              .error();

      assertThat(error.code()).isEqualTo("ERR_TLS_HANDSHAKE_TIMEOUT");
      assertThat(error).hasMessage("TLS handshake timeout: it was not done within 300 ms.");
    } finally {
      silent.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aServerWithoutTlsIsAnErrorOfTheClient(TlsProvider provider) {
    TcpServer plain = Net.createServer(socket -> closedLater(socket).end("220 hello\r\n"));
    plain.listen(0, "127.0.0.1");
    await().until(plain::listening);
    try {
      NetException error = outcome(plain.address().port(), clientOptions(provider)).error();

      assertThat(error.code()).isEqualTo("ERR_SSL_WRONG_VERSION_NUMBER");
      assertThat(error).hasMessageContaining("wrong version number: what has come is no TLS");
    } finally {
      plain.close();
    }
  }

  @Test
  void manyWhoSayNothingTakeNoEngineAndNobodyElsesTurn() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));
    List<Socket> silent = new ArrayList<>();
    byte[] hello = ClientHelloTest.real("localhost");
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket("127.0.0.1", port(server));
        silent.add(socket);
        socket.getOutputStream().write(hello, 0, i % hello.length);
      }
      await().until(() -> server.stats().underWay() == 300);
      assertThat(Handshakes.count()).isZero();
      serves(server, TlsProvider.OPENSSL);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
    await().until(() -> server.stats().underWay() == 0);
  }

  @Test
  void whoIsSentAwayInTheHandshakeIsCountedAsFailed() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));
    onLoop(() -> server.tcp().onConnection(socket -> loop.setImmediate(() -> socket.destroy())));

    assertThat(ask(server, new byte[0])).isEmpty();

    await().until(() -> server.stats().failed().equals(Map.of("ECONNABORTED", 1L)));
    assertThat(server.stats().underWay()).isZero();
  }

  @Test
  void whoIsSentAwayBeforeTheHandshakeIsSentAwayAtOnce() throws IOException {
    TlsServer server = echo(serverOptions(TlsProvider.OPENSSL));
    onLoop(() -> server.tcp().onConnection(TcpSocket::destroy));

    assertThat(ask(server, new byte[0])).isEmpty();

    assertThat(server.stats().underWay()).isZero();
  }

  // Vanishing

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whoVanishesInTheHandshakeIsCountedAndForgotten(TlsProvider provider) throws IOException {
    TlsServer server = echo(serverOptions(provider));
    byte[] hello = ClientHelloTest.real("localhost");

    for (int sent : new int[] {0, 1, 5, 50, hello.length}) {
      try (Socket socket = new Socket("127.0.0.1", port(server))) {
        socket.getOutputStream().write(hello, 0, sent);
        if (sent % 2 == 1) {
          socket.setSoLinger(true, 0);
        }
      }
    }

    await().until(() -> refused.size() == 5);
    assertThat(refused).allMatch(error -> error.code().equals("ECONNRESET"));
    assertThat(server.stats().failed()).containsEntry("ECONNRESET", 5L);
    assertThat(Handshakes.count()).isZero();
    serves(server, provider);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aHandshakeInPiecesOfOneByteComesToItsEnd(TlsProvider provider) {
    TlsServer server = echo(serverOptions(provider));
    Relay relay = new Relay(port(server), 1);
    try {
      CompletableFuture<Buffer> back = new CompletableFuture<>();
      connect(
          relay.port(),
          clientOptions(provider),
          TcpOptions.defaults(),
          socket -> {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            socket.onError(back::completeExceptionally);
            socket.onData(data -> {
              got.writeBytes(data.toByteArray());
              if (got.size() == 3000) {
                back.complete(Buffer.from(got.toByteArray()));
              }
            });
            socket.write(bytes(3000));
          });

      assertThat(join(back)).isEqualTo(bytes(3000));
    } finally {
      relay.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whereverTheHandshakeIsCutBothSidesEnd(TlsProvider provider) {
    TlsServer server = echo(serverOptions(provider));
    for (int at = 0; at < 900; at += 61) {
      Relay relay = new Relay(port(server), 7);
      relay.cutAfter(at);
      try {
        NetException error = outcome(relay.port(), clientOptions(provider)).error();
        if (error != null) {
          assertThat(error.code()).isIn("ECONNRESET", "EPIPE");
        }
      } finally {
        relay.close();
      }
    }
    await().until(() -> server.stats().underWay() == 0);
    assertThat(Handshakes.count()).isZero();
    serves(server, provider);
  }
}
