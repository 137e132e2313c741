import module io.netloop;

// Multicast: says hello to a group every two seconds. The sender need not be a member.
void main() {
  var server = Dgram.createSocket("udp4");
  server.onListening(() ->
      Loop.current().setInterval(2000, () -> server.send("hello", 8000, "224.0.1.100")));
  server.onMessage((message, remote) -> {
    IO.println("server got " + message + " from " + remote);
    server.send("world", remote.port(), remote.host());
  });
  server.onError(error -> IO.println("server error " + error));
  server.bind(3000);
}
