import module io.netloop;

// Says hello to everyone who connects, and sends back what they say.
void main() {
  var server = Net.createServer(socket -> {
    IO.println("client connected");
    socket.onEnd(() -> IO.println("client disconnected"));
    socket.write("hello\r\n");
    socket.pipe(socket);
  });
  server.onError(error -> { throw error; });
  server.listen(8124, () -> IO.println("server bound"));
}
