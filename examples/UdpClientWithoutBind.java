import module io.netloop;

// Unicast: as UdpClient, from a port that the system chooses. Sending binds the socket.
void main() {
  var client = Dgram.createSocket("udp4");
  client.send("hello", 3000, "localhost");
  client.onListening(() -> IO.println("client running " + client.address()));
  client.onMessage((message, remote) -> IO.println("client got " + message + " from " + remote));
  client.onError(error -> IO.println("client error " + error));
}
