package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.loop.Loop;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TlsOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests with connections need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class WsTest {
  final Loop loop = Loop.current();

  /** What has happened, in order. */
  final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpServer> rawServers = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpSocket> rawSockets = Collections.synchronizedList(new ArrayList<>());
  private final List<WebSocketServer> sockets = Collections.synchronizedList(new ArrayList<>());
  private final List<WebSocket> clients = Collections.synchronizedList(new ArrayList<>());
  private final List<RawClient> rawClients = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() {
    clients.forEach(client -> loop.execute(client::close));
    rawClients.forEach(RawClient::close);
    sockets.forEach(
        server -> loop.execute(() -> server.clients().forEach(WebSocketConnection::terminate)));
    servers.forEach(server -> server.close().closeAllConnections());
    rawSockets.forEach(TcpSocket::destroy);
    rawServers.forEach(TcpServer::close);
  }

  static WebSocketServerOptions options() {
    return WebSocketServerOptions.defaults();
  }

  /** A WebSocket server with an HTTP server of its own, that listens. */
  WebSocketServer serve(WebSocketServerOptions options, Consumer<WebSocketConnection> onOpen) {
    WebSocketServer server = onLoop(() -> WebSockets.createServer(options, onOpen));
    listen(server.http());
    sockets.add(server);
    return server;
  }

  WebSocketServer serve(Consumer<WebSocketConnection> onOpen) {
    return serve(options(), onOpen);
  }

  /** One that sends back what comes. */
  WebSocketServer echo(WebSocketServerOptions options) {
    return serve(options, socket -> socket.onMessage(socket::send));
  }

  /** An HTTP server that listens, for WebSocket servers to be attached to. */
  HttpServer listen(HttpServer server) {
    servers.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  HttpServer http() {
    return listen(Http.createServer((request, response) -> response.end("page")));
  }

  WebSocketServer attach(
      HttpServer http, WebSocketServerOptions options, Consumer<WebSocketConnection> onOpen) {
    WebSocketServer server = onLoop(() -> WebSockets.attach(http, options, onOpen));
    sockets.add(server);
    return server;
  }

  WebSocketServer remember(WebSocketServer server) {
    sockets.add(server);
    return server;
  }

  /** A server of bare connections, for what no proper server does. */
  TcpServer raw(Consumer<TcpSocket> onConnection) {
    TcpServer server =
        Net.createServer(socket -> {
          rawSockets.add(socket);
          socket.onError(error -> {});
          onConnection.accept(socket);
        });
    rawServers.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  RawClient connect(WebSocketServer server, String... headers) {
    return connect(port(server), "/", headers);
  }

  RawClient connect(int port, String path, String... headers) {
    RawClient client = RawClient.open(port, path, headers);
    rawClients.add(client);
    return client;
  }

  RawClient bare(int port) {
    RawClient client = new RawClient(port);
    rawClients.add(client);
    return client;
  }

  static int port(WebSocketServer server) {
    return server.http().address().port();
  }

  static String url(WebSocketServer server) {
    return "ws://127.0.0.1:" + port(server) + "/";
  }

  /** As {@link #echo}, over TLS. */
  WebSocketServer secureEcho(TlsOptions tls, WebSocketServerOptions options) {
    HttpServer http = listen(Https.createServer(tls, (request, response) -> response.end("page")));
    return attach(http, options, socket -> socket.onMessage(socket::send));
  }

  /** A client, made on the loop, where nothing can happen before it is listened to. */
  WebSocket client(String url, Consumer<WebSocket> act) {
    return client(url, WebSocketOptions.defaults(), act);
  }

  WebSocket client(String url, WebSocketOptions options, Consumer<WebSocket> act) {
    return client(url, List.of(), options, act);
  }

  WebSocket client(
      String url, List<String> protocols, WebSocketOptions options, Consumer<WebSocket> act) {
    return onLoop(() -> {
      WebSocket client = new WebSocket(url, protocols, options);
      clients.add(client);
      act.accept(client);
      return client;
    });
  }

  /** A client whose events all are noted. */
  WebSocket heard(String url, WebSocketOptions options) {
    return client(url, options, this::hear);
  }

  WebSocket heard(String url) {
    return heard(url, WebSocketOptions.defaults());
  }

  void hear(WebSocket client) {
    client
        .onOpen(event -> add("open " + client.readyState()))
        .onMessage(event -> add("message " + event.data()))
        .onError(event -> add("error " + event.error().code() + " " + client.readyState()))
        .onClose(event -> add("close " + told(event) + " " + client.readyState()));
  }

  void hear(WebSocketConnection socket) {
    socket
        .onMessage(message -> add("message " + message))
        .onPing(data -> add("ping " + data))
        .onPong(data -> add("pong " + data))
        .onError(error -> add("error " + error.code()))
        .onClose(event -> add("close " + told(event)));
  }

  static String told(CloseEvent event) {
    String reason = event.reason().isEmpty() ? "" : " '" + event.reason() + "'";
    return event.code() + reason + (event.wasClean() ? " clean" : "");
  }

  void add(String event) {
    events.add(event);
  }

  /** Waits until exactly this has happened. */
  void happens(String... expected) {
    await().untilAsserted(() -> assertThat(List.copyOf(events)).containsExactly(expected));
  }

  /** Waits until this has happened among others. */
  void comes(String event) {
    await(event).until(() -> List.copyOf(events).contains(event));
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
    return get(result);
  }

  void doOnLoop(Runnable work) {
    onLoop(() -> {
      work.run();
      return null;
    });
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Waits until the loop has dealt with what is on its way to it now. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> turned.complete(null))));
      get(turned);
    }
  }

  static byte[] cut(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
