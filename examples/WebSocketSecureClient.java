import module io.netloop;

// Talks to HttpsServer over TLS. A server whose certificate the world knows needs no options: new WebSocket("wss://example.org/").
void main() {
  var tls = TlsOptions.client().withCa(Path.of("authority.pem"));
  var options = WebSocketOptions.defaults().withTls(tls);
  var ws = new WebSocket("wss://localhost:8443/echo", List.of(), options);
  ws.onOpen(event -> ws.send("Hello WebSockets!"));
  ws.onMessage(event -> {
    IO.println("Received Message: " + event.data());
    ws.close();
  });
  ws.onError(event -> IO.println("error " + event.error().getMessage()));
  ws.onClose(event -> IO.println("Connection closed. " + event.code()));
}
