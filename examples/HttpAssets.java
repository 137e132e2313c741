import module io.netloop;

// A page, and all that it needs from one folder: each file with its type. Nothing else of the disk can be reached.
void main() {
  var hostname = "127.0.0.1";
  var port = 3000;
  var app = Web.app();
  app.get("/", (request, response) -> response.sendFile(Path.of("examples/page.html")));
  app.use("/assets", StaticFiles.from(Path.of("examples/assets")));
  app.use((request, response) -> response.status(404).type("text").send("404 Not Found."));
  app.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}
