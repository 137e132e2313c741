import module io.netloop;

// Says hello to every browser that comes by.
void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var server = Http.createServer((request, response) -> {
    response.statusCode(200);
    response.setHeader("Content-Type", "text/plain");
    response.end("Hello World\n");
  });
  server.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
