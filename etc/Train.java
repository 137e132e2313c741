import module io.netloop;

// Runs once after a build: what Java loads here comes out of the AOT cache whenever ./netloop runs
// a source file.
void main() {
  var server = Net.createServer(socket -> socket.pipe(socket));
  server.listen(
      0,
      () -> {
        var client =
            Net.createConnection(server.address().port(), socket -> socket.write("trained\n"));
        client.onData(data -> {
          IO.println(data);
          client.end();
        });
        client.onClose(cause -> server.close());
      });
}
