package io.netloop.http;

import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.net.Net;
import io.netloop.net.TcpServer;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of the client need. What they open is closed after each. */
@ExtendWith(NothingLeaks.class)
abstract class ClientTest {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  final Loop loop = Loop.current();
  private final List<TcpServer> rawServers = Collections.synchronizedList(new ArrayList<>());
  private final List<TcpSocket> sockets = Collections.synchronizedList(new ArrayList<>());
  private final List<HttpServer> servers = Collections.synchronizedList(new ArrayList<>());
  private final List<Agent> agents = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeWhatIsOpen() {
    agents.forEach(Agent::destroy);
    Agent.global().destroy();
    rawServers.forEach(TcpServer::close);
    sockets.forEach(TcpSocket::destroy);
    servers.forEach(server -> {
      server.close();
      server.closeAllConnections();
    });
  }

  /** A server that gets what clients send, request by request, and writes bytes. */
  TcpServer raw(BiConsumer<TcpSocket, String> onRequest) {
    return rawConnections(socket -> {
      StringBuilder got = new StringBuilder();
      socket.onData(data -> {
        got.append(new String(data.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1));
        int end;
        while ((end = got.indexOf("\r\n\r\n")) >= 0) {
          String head = got.substring(0, end + 4);
          got.delete(0, end + 4);
          onRequest.accept(socket, head);
        }
      });
    });
  }

  /** A server of bare connections. */
  TcpServer rawConnections(Consumer<TcpSocket> onConnection) {
    TcpServer server =
        Net.createServer(socket -> {
          sockets.add(socket);
          socket.onError(error -> {});
          onConnection.accept(socket);
        });
    rawServers.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  /** A server that answers each request with these bytes. */
  TcpServer answering(String bytes) {
    return raw((socket, head) -> socket.write(latin1(bytes)));
  }

  /** A server that answers each request with these bytes, and ends the connection. */
  TcpServer answeringLast(String bytes) {
    return raw((socket, head) -> socket.end(latin1(bytes)));
  }

  HttpServer serve(RequestListener onRequest) {
    return serve(HttpServerOptions.defaults(), onRequest);
  }

  HttpServer serve(HttpServerOptions options, RequestListener onRequest) {
    HttpServer server = Http.createServer(options, onRequest);
    servers.add(server);
    server.listen(0, "127.0.0.1");
    await().until(server::listening);
    return server;
  }

  Agent agent(AgentOptions options) {
    Agent agent = new Agent(options);
    agents.add(agent);
    return agent;
  }

  Agent keeping() {
    return agent(AgentOptions.defaults().withKeepAlive(true));
  }

  static Buffer latin1(String text) {
    return Buffer.from(text, "latin1");
  }

  static RequestOptions to(TcpServer server) {
    return RequestOptions.port(server.address().port()).withHost("127.0.0.1");
  }

  static RequestOptions to(HttpServer server) {
    return RequestOptions.port(server.address().port()).withHost("127.0.0.1");
  }

  /** Begins a request on the loop, where no event can be missed, and does something with it. */
  Exchange exchange(RequestOptions options, Consumer<ClientRequest> act) {
    return onLoop(() -> {
      Exchange exchange = new Exchange(Http.request(options), true);
      act.accept(exchange.request);
      return exchange;
    });
  }

  /** The same without a 'response' listener. */
  Exchange unheard(RequestOptions options, Consumer<ClientRequest> act) {
    return onLoop(() -> {
      Exchange exchange = new Exchange(Http.request(options), false);
      act.accept(exchange.request);
      return exchange;
    });
  }

  Exchange get(RequestOptions options) {
    return exchange(options, ClientRequest::end);
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
    return join(result);
  }

  void onLoop(Runnable work) {
    onLoop(() -> {
      work.run();
      return null;
    });
  }

  static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Waits until the loop has dealt with what is on its way to it now. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> turned.complete(null))));
      join(turned);
    }
  }
}
