import module io.netloop;

// Says hello over TLS, and echoes over wss. The certificate is signed by an authority of this machine: "./netloop cert localhost"
// says how browsers come to trust it. With files from a real one: TlsOptions.pem(Path.of("server.pem"), Path.of("server.key")).
void main() {
  var tls = TlsOptions.selfSigned("localhost");
  var server = Https.createServer(tls, (request, response) -> {
    response.setHeader("Content-Type", "text/plain");
    response.end("Hello over " + request.socket().getProtocol() + "\n");
  });
  WebSockets.attach(server, "/echo", socket -> socket.onMessage(message -> socket.send(message)));
  server.listen(8443, () -> IO.println("Server running at https://localhost:8443/"));
}
