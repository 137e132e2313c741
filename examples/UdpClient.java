import module io.netloop;

// Unicast: says hello to UdpServer, from a port of its own choice.
void main() {
  var client = Dgram.createSocket("udp4");
  client.onListening(() -> {
    IO.println("client running " + client.address());
    client.send("hello", 3000, "localhost");
  });
  client.onMessage((message, remote) -> IO.println("client got " + message + " from " + remote));
  client.onError(error -> IO.println("client error " + error));
  client.bind(8000);
}
