import module io.netloop;

// Sends every line that is typed to TalkServer.
void main() {
  var client = Net.createConnection(3000, "127.0.0.1");
  client.onConnect(() -> {
    IO.println("成功的连接到服务器了");
    client.write("world");
    Stdio.stdin().onData(line -> client.write(line.toString().trim()));
  });
  client.onData(data -> IO.println("服务端说：" + data));
}
