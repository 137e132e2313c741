import module io.netloop;

// Sends every message back: for the WebSocket clients beside it.
void main() {
  var http = Http.createServer((request, response) -> response.end("There is a WebSocket at /echo.\n"));
  var options = WebSocketServerOptions.defaults().withPath("/echo").withMaxPayload(16_000_000);
  WebSockets.attach(http, options, socket -> socket.onMessage(socket::send));
  http.listen(8080, () -> IO.println("ws://localhost:8080/echo"));
}
