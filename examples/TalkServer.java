import module io.netloop;

// Prints what its clients say.
void main() {
  var server = Net.createServer();
  server.onConnection(clientSocket -> {
    IO.println("有新的连接进来了");
    clientSocket.onData(data -> IO.println("客户端说：" + data));
    clientSocket.write("hello");
  });
  server.listen(3000, () -> IO.println("Server running " + server.address()));
}
