import module io.netloop;

// Broadcast: who is bound to the port hears it.
void main() {
  var client = Dgram.createSocket("udp4");
  client.onMessage((message, remote) -> IO.println("client got " + message + " from " + remote));
  client.onError(error -> IO.println("client error " + error));
  client.bind(8000);
}
