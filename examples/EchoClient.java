import module io.netloop;

// Talks to EchoServer: prints what comes, and ends its side at the first piece of it.
void main() {
  var client = Net.createConnection(8124, socket -> {
    IO.println("connected to server!");
    socket.write("world!\r\n");
  });
  client.onData(data -> {
    IO.println(data);
    client.end();
  });
  client.onEnd(() -> IO.println("disconnected from server"));
}
