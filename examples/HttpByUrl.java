import module io.netloop;

// Answers by the path that is asked for, whatever the query behind it says.
void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var server = Http.createServer((request, response) -> {
    response.setHeader("Content-Type", "text/plain; charset=utf-8");
    var path = request.url().split("\\?", 2)[0];
    switch (path) {
      case "/" -> response.end("Hello World!");
      case "/a" -> response.end("Hello a!");
      case "/b" -> response.end("Hello b!");
      default -> response.statusCode(404).end("404 Not Found.");
    }
  });
  server.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
