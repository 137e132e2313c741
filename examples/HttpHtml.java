import module io.netloop;
import io.netloop.loop.Buffer; // java.nio has one too

// Answers with a page from a file. The disk is read on another thread, so that nobody waits for it.
void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var page = Path.of("examples/index.html");
  var server = Http.createServer((request, response) ->
    Loop.offload(() -> Files.readAllBytes(page))
        .onResult(html -> {
          response.setHeader("Content-Type", "text/html; charset=utf-8");
          response.end(Buffer.from(html));
        })
        .onError(failure -> {
          var missing = failure instanceof NoSuchFileException;
          response.statusCode(missing ? 404 : 500);
          response.setHeader("Content-Type", "text/plain; charset=utf-8");
          response.end(missing ? "404 Not Found." : "500 Internal Server Error.");
        }));
  server.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
