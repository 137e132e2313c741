import module io.netloop;

// A page and the files that it needs, each with a route of its own.
void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var app = Web.app();
  app.get("/", (request, response) -> response.sendFile(Path.of("examples/page.html")));
  app.get("/assets/css/main.css", (request, response) -> response.sendFile(Path.of("examples/assets/css/main.css")));
  app.get("/assets/js/main.js", (request, response) -> response.sendFile(Path.of("examples/assets/js/main.js")));
  app.use((request, response) -> response.status(404).type("text").send("404 Not Found."));
  app.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
