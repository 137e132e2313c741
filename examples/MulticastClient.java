import module io.netloop;

// Multicast: hears what is sent to the group that it joins.
void main() {
  var client = Dgram.createSocket("udp4");
  client.onListening(() -> {
    IO.println("client running " + client.address());
    client.addMembership("224.0.1.100");
  });
  client.onMessage((message, remote) -> IO.println("client got " + message + " from " + remote));
  client.onError(error -> IO.println("client error " + error));
  client.bind(8000);
}
