import module io.netloop;

// Unicast: answers everybody who says something.
void main() {
  var server = Dgram.createSocket("udp4");
  server.onListening(() -> IO.println("server running " + server.address()));
  server.onMessage((message, remote) -> {
    IO.println("server got " + message + " from " + remote);
    server.send("world", remote.port(), remote.host());
  });
  server.onError(error -> IO.println("server error " + error));
  server.bind(3000);
}
