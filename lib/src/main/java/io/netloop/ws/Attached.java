package io.netloop.ws;

import io.netloop.http.HttpRequest;
import io.netloop.http.HttpServer;
import io.netloop.loop.Buffer;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The WebSocket servers of one HTTP server. A request goes to the first whose path it asks for; one
 * that none serves is refused, once.
 */
final class Attached {
  /** Weak on both sides: an HTTP server keeps its own alive, as its listener. */
  private static final Map<HttpServer, WeakReference<Attached>> ALL = new WeakHashMap<>();

  private final CopyOnWriteArrayList<WebSocketServer> servers = new CopyOnWriteArrayList<>();

  /** Those of this server; the first time they begin to answer its requests to upgrade. */
  static Attached to(HttpServer http) {
    synchronized (ALL) {
      WeakReference<Attached> known = ALL.get(http);
      Attached there = known == null ? null : known.get();
      if (there == null) {
        Attached attached = new Attached();
        there = attached;
        ALL.put(http, new WeakReference<>(there));
        http.onUpgrade(
            (request, socket, head) -> attached.handle(request, new SocketCarrier(socket), head));
        http.onTunnel(
            "websocket",
            (request, response) ->
                attached.handle(request, new StreamCarrier(request, response), Buffer.empty()));
      }
      return there;
    }
  }

  void add(WebSocketServer server) {
    servers.add(server);
  }

  private void handle(HttpRequest request, Carrier carrier, Buffer head) {
    for (WebSocketServer server : servers) {
      if (server.shouldHandle(request)) {
        server.handle(request, carrier, head);
        return;
      }
    }
    carrier.refuse(new ServerHandshake.Refused(400, "Bad Request"));
  }
}
