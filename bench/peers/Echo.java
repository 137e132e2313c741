import module io.netloop;

// Sends back what comes: what `./netloop run` starts for the row "start".
void main(String[] args) {
  Net.createServer(socket -> socket.pipe(socket)).listen(Integer.parseInt(args[0]), "127.0.0.1");
}
