import module io.netloop;

// Broadcast: says hello to all hosts of the network, once to the limited address, then to the directed one.
void main() {
  var server = Dgram.createSocket("udp4");
  server.onListening(() -> {
    IO.println("server running " + server.address());
    server.setBroadcast(true);
    server.send("hello", 8000, "255.255.255.255");
    Loop.current().setInterval(2000, () -> server.send("hello", 8000, "192.168.10.255"));
  });
  server.onMessage((message, remote) -> {
    IO.println("server got " + message + " from " + remote);
    server.send("world", remote.port(), remote.host());
  });
  server.onError(error -> IO.println("server error " + error));
  server.bind(3000);
}
