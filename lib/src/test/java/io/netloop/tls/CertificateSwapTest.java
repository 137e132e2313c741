package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Log;
import io.netloop.NothingLeaks;
import io.netloop.net.TcpSocket;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A certificate that is replaced on disk while a server has connections. */
@ExtendWith(NothingLeaks.class)
class CertificateSwapTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();
  private static final KeyAndChain FIRST = AUTHORITY.issue(List.of("localhost"));
  private static final KeyAndChain SECOND = AUTHORITY.issue(List.of("localhost"));
  private static final TlsOptions CLIENT =
      TlsOptions.client().withCa(List.of(AUTHORITY.certificate()));

  @TempDir Path folder;
  private final Log log = new Log(CertificateFiles.class);
  private final List<TcpSocket> sockets = new CopyOnWriteArrayList<>();
  private Path chain;
  private Path key;
  private TlsOptions options;
  private TlsServer server;

  @BeforeEach
  void listen() throws IOException {
    chain = folder.resolve("server.pem");
    key = folder.resolve("server.key");
    write(FIRST);
    options = TlsOptions.pem(chain, key);
    server = Tls.createServer(options, socket -> socket.pipe(socket)).listen(0, "127.0.0.1");
    await().until(server::listening);
  }

  @AfterEach
  void close() {
    sockets.forEach(TcpSocket::destroy);
    server.close();
    options.certificates().close();
    log.close();
  }

  private void write(KeyAndChain pair) throws IOException {
    Files.writeString(chain, pair.chainPem());
    Files.writeString(key, pair.keyPem());
  }

  /** The certificate that a new connection is shown. */
  private Object shown() {
    CompletableFuture<Object> certificate = new CompletableFuture<>();
    TcpSocket socket =
        Tls.connect(
            server.address().port(),
            "localhost",
            CLIENT,
            connected -> {
              certificate.complete(connected.getPeerCertificate());
              connected.destroy();
            });
    socket.onError(certificate::completeExceptionally);
    return certificate.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Connections that count what comes back to them. */
  private List<AtomicInteger> connect(int count) {
    List<AtomicInteger> heard = new ArrayList<>();
    AtomicInteger connected = new AtomicInteger();
    for (int i = 0; i < count; i++) {
      AtomicInteger bytes = new AtomicInteger();
      heard.add(bytes);
      TcpSocket socket =
          Tls.connect(
              server.address().port(), "localhost", CLIENT, each -> connected.incrementAndGet());
      sockets.add(socket.onData(data -> bytes.addAndGet(data.length())));
    }
    await().until(() -> connected.get() == count);
    return heard;
  }

  private void assertAllEcho(List<AtomicInteger> heard) {
    heard.forEach(each -> each.set(0));
    sockets.forEach(socket -> socket.write("still here"));
    await().until(() -> heard.stream().allMatch(each -> each.get() == 10));
  }

  @Test
  void isServedToNewConnectionsWhileAHundredLiveOn() throws IOException {
    List<AtomicInteger> heard = connect(100);
    assertThat(shown()).isEqualTo(FIRST.certificate());

    write(SECOND);
    long written = System.nanoTime();
    await().until(() -> shown().equals(SECOND.certificate()));

    assertThat(System.nanoTime() - written).isLessThan(TimeUnit.SECONDS.toNanos(10));
    assertAllEcho(heard);
    assertThat(sockets).allMatch(socket -> !socket.destroyed());
    assertThat(sockets.getFirst().getPeerCertificate()).isEqualTo(FIRST.certificate());
  }

  @Test
  void enginesThatAnotherLoopIsAboutToUseLiveOn() {
    AtomicReference<KeyAndChain> newest = new AtomicReference<>(FIRST);
    TlsOptions swapping = TlsOptions.of((CertificateSource) newest::get);
    ServerContext accepting = new ServerContext(swapping);
    ClientContext connecting = new ClientContext(swapping);
    Engines servers = accepting.engines(List.of());
    Engines clients = connecting.engines();

    newest.set(SECOND);

    assertThat(accepting.engines(List.of())).isNotSameAs(servers);
    assertThat(connecting.engines()).isNotSameAs(clients);
    accepting.close();
    for (Engines old : List.of(servers, clients)) {
      SSLEngine engine =
          old.newHandler(ByteBufAllocator.DEFAULT, "localhost", 443, "localhost").engine();
      assertThat(engine.getSession().getProtocol()).isNotNull();
      ReferenceCountUtil.release(engine);
    }
  }

  @Test
  void isNotServedWhereItIsBrokenAndThatIsLoggedOnce() throws IOException {
    List<AtomicInteger> heard = connect(3);
    Files.writeString(key, SECOND.keyPem());
    await().until(() -> !log.events().isEmpty());

    for (int i = 0; i < 5; i++) {
      assertThat(shown()).isEqualTo(FIRST.certificate());
    }

    assertAllEcho(heard);
    assertThat(log.events()).hasSize(1);
  }
}
