import module io.netloop;

// A page that is made for each request; its template is read and compiled at the first.
record Todo(String title, boolean completed) {}

void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var views = Templates.files(Path.of("examples"));
  var server = Http.createServer((request, response) -> {
    if (!request.url().equals("/")) {
      response.writeHead(404).end("404 Not Found.");
      return;
    }
    var html = views.render("todos.html", Map.of(
        "message", "黑马程序员",
        "todos", List.of(
            new Todo("吃饭", true),
            new Todo("睡觉", true),
            new Todo("打豆豆", false))));
    response.statusCode(200);
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(html);
  });
  server.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
