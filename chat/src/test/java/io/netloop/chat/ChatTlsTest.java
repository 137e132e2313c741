package io.netloop.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.FetchOptions;
import io.netloop.http.FetchResponse;
import io.netloop.http.Http;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.HostPort;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.TlsOptions;
import io.netloop.ws.WebSocket;
import io.netloop.ws.WebSocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A room whose connections are encrypted. */
class ChatTlsTest {
  private static final LocalAuthority AUTHORITY = LocalAuthority.inMemory();
  private static final TlsOptions CLIENT =
      TlsOptions.client().withCa(List.of(AUTHORITY.certificate()));

  @TempDir Path folder;
  private final List<ChatClient> clients = new ArrayList<>();
  private final List<ChatServer> servers = new ArrayList<>();
  private TlsOptions tls;
  private HostPort address;

  @BeforeEach
  void certificate() throws IOException {
    write(AUTHORITY.issue(List.of("localhost", "127.0.0.1")));
    tls = TlsOptions.pem(folder.resolve("a.pem"), folder.resolve("a.key"));
  }

  private void write(KeyAndChain pair) throws IOException {
    Files.writeString(folder.resolve("a.key"), pair.keyPem());
    Files.writeString(folder.resolve("a.pem"), pair.chainPem());
  }

  @AfterEach
  void close() {
    Loop.current().run(() -> clients.forEach(ChatClient::end));
    servers.forEach(
        server -> server.stop(Duration.ofSeconds(1)).orTimeout(20, TimeUnit.SECONDS).join());
    tls.certificates().close();
  }

  private ChatServer open(ChatOptions options) {
    CompletableFuture<HostPort> open = new CompletableFuture<>();
    ChatServer server = new ChatServer(options);
    servers.add(server);
    server.onListening(open::complete).onError(open::completeExceptionally).start();
    address = open.orTimeout(20, TimeUnit.SECONDS).join();
    return server;
  }

  private ChatOptions options() {
    return ChatOptions.defaults()
        .withPort(0)
        .withTls(tls)
        .withWeb(WebOptions.defaults().withPort(0));
  }

  /** Somebody at a terminal, with what is told. */
  private final class Guest {
    final List<ChatEvent> told = new CopyOnWriteArrayList<>();
    private ChatClient client;

    Guest(String name, TlsOptions tls) {
      ChatClientOptions to =
          ChatClientOptions.defaults()
              .withHost("localhost")
              .withPort(address.port())
              .withReconnect(false)
              .withTls(tls);
      onLoop(() -> {
        client = ChatClient.connect(to, told::add);
        clients.add(client);
        client.login(name);
      });
    }

    void says(String text) {
      onLoop(() -> client.broadcast(text));
    }

    <T extends ChatEvent> T awaits(Class<T> kind) {
      await().until(() -> told.stream().anyMatch(kind::isInstance));
      return told.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
    }
  }

  private static void onLoop(Runnable task) {
    CompletableFuture.runAsync(task, Loop.current()).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private FetchResponse get(String url) {
    return Http.fetch(
            url, FetchOptions.defaults().withTls(CLIENT).withRedirect(FetchOptions.Redirect.MANUAL))
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void isOneRoomForTerminalsAndBrowsers(int workers) {
    ChatServer server = open(options().withWorkers(workers));
    Guest ann = new Guest("ann", CLIENT);
    ann.awaits(ChatEvent.LoggedIn.class);
    List<String> heard = new CopyOnWriteArrayList<>();
    WebSocket page =
        new WebSocket(
            "wss://localhost:" + server.webAddress().port() + "/ws",
            List.of(),
            WebSocketOptions.defaults().withTls(CLIENT));
    page.onOpen(event -> page.send(Peer.login("ben")));
    page.onMessage(event -> heard.add(String.valueOf(event.data())));
    ann.awaits(ChatEvent.Notice.class);

    ann.says("nobody reads along");

    await().until(() -> heard.toString().contains("nobody reads along"));
    assertThat(ann.awaits(ChatEvent.Broadcast.class).message()).isEqualTo("nobody reads along");
    page.close();
  }

  @Test
  void goesOnWhileTheCertificateIsReplaced() throws IOException {
    ChatServer server = open(options());
    Guest ann = new Guest("ann", CLIENT);
    ann.awaits(ChatEvent.LoggedIn.class);
    KeyAndChain before = tls.certificates().current();

    write(AUTHORITY.issue(List.of("localhost")));
    await().until(() -> tls.certificates().current() != before);

    Guest ben = new Guest("ben", CLIENT);
    ben.awaits(ChatEvent.LoggedIn.class);
    ben.says("hello");
    ann.awaits(ChatEvent.Broadcast.class);
    assertThat(server.users()).isEqualTo(2);
  }

  @Test
  void isNotJoinedByWhoDoesNotTrustIt() {
    ChatServer server = open(options());

    Guest ann = new Guest("ann", TlsOptions.client());

    assertThat(ann.awaits(ChatEvent.Closed.class).cause().error())
        .isInstanceOf(NetException.class)
        .hasMessageContaining("unable to verify");
    assertThat(server.users()).isZero();
  }

  @Test
  void isNotJoinedWithoutTls() throws IOException {
    ChatServer server = open(options());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((Peer.login("ann") + "\n").getBytes(UTF_8));

      byte[] answer = socket.getInputStream().readAllBytes();

      assertThat(new String(answer, UTF_8)).doesNotContain("login");
    }
    await().until(() -> server.connections() == 0);
    assertThat(server.users()).isZero();
  }

  @Test
  void servesThePageWithTheHeadersThatBelongToIt() {
    ChatServer server = open(options().withWeb(web().withStrictTransport(true)));
    FetchResponse page = get("https://localhost:" + server.webAddress().port() + "/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers().get("strict-transport-security")).isEqualTo("max-age=31536000");
    assertThat(page.headers().get("content-security-policy"))
        .startsWith("default-src 'none'")
        .endsWith("connect-src 'self' wss://localhost:" + server.webAddress().port());
    assertThat(page.headers().get("set-cookie")).isNull();
  }

  private static WebOptions web() {
    return WebOptions.defaults().withPort(0);
  }

  @Test
  void doesNotBindBrowsersToTlsUnlessItIsTold() {
    ChatServer server = open(options());

    assertThat(
            get("https://localhost:" + server.webAddress().port() + "/")
                .headers()
                .get("strict-transport-security"))
        .isNull();
  }

  @Test
  void sendsBrowsersOnThatComeWithoutTls() throws IOException {
    int port = freePort();
    ChatServer server = open(options().withWeb(web().withRedirectPort(port)));

    FetchResponse sent = get("http://localhost:" + port + "/a?b");

    assertThat(sent.status()).isEqualTo(301);
    assertThat(sent.headers().get("location"))
        .isEqualTo("https://localhost:" + server.webAddress().port() + "/a?b");
    server.stop(Duration.ofSeconds(1)).orTimeout(20, TimeUnit.SECONDS).join();
    await().until(() -> isFree(port));
  }

  @Test
  void tellsThatThePortForTheOthersIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int webPort = freePort();
      CompletableFuture<NetException> told = new CompletableFuture<>();
      ChatServer server =
          new ChatServer(
              options().withWeb(web().withPort(webPort).withRedirectPort(taken.getLocalPort())));
      server.onError(told::complete).start();

      NetException error = told.orTimeout(20, TimeUnit.SECONDS).join();

      assertThat(error.code()).isEqualTo("EADDRINUSE");
      assertThat(error.port()).isEqualTo(taken.getLocalPort());
      await().until(() -> isFree(webPort));
    }
  }

  @Test
  void takesNoPageThatCameWithoutTls() {
    ChatServer server = open(options());
    int port = server.webAddress().port();
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    WebSocket page =
        new WebSocket(
            "wss://localhost:" + port + "/ws",
            List.of(),
            WebSocketOptions.defaults()
                .withTls(CLIENT)
                .withHeaders(Map.of("Origin", "http://localhost:" + port)));
    page.onOpen(event -> opened.complete(true));
    page.onClose(event -> opened.complete(false));

    assertThat(opened.orTimeout(20, TimeUnit.SECONDS).join()).isFalse();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
