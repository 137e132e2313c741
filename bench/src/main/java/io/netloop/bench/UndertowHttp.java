package io.netloop.bench;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Greets, or sends back the body that comes, on Undertow's own threads and never on a worker's. */
final class UndertowHttp {
  private static final ByteBuffer GREETING =
      ByteBuffer.allocateDirect(Greeting.BYTES.length).put(Greeting.BYTES).flip();

  /** Held, so that its level stays as it is set. */
  private static final Logger LOG = Logger.getLogger("");

  private UndertowHttp() {}

  static void main(String[] args) {
    LOG.setLevel(Level.WARNING);
    int port = Integer.parseInt(args[1]);
    Undertow.builder()
        .addHttpListener(port, "127.0.0.1")
        .setIoThreads(Integer.parseInt(args[0]))
        .setWorkerThreads(1)
        .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
        .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, true)
        .setHandler(UndertowHttp::answer)
        .build()
        .start();
    Control.listening(port);
  }

  private static void answer(HttpServerExchange exchange) {
    if (exchange.getRequestMethod().equals(Methods.POST)) {
      exchange
          .getRequestReceiver()
          .receiveFullBytes((whole, body) -> {
            whole.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
            whole.getResponseSender().send(ByteBuffer.wrap(body));
          });
    } else {
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
      exchange.getResponseSender().send(GREETING.duplicate());
    }
  }
}
