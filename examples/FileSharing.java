import module io.netloop;

import static io.netloop.web.Web.blocking;

// Files for everybody: a page to upload and to list them, and downloads that can be resumed. It keeps them in the folder
// that is named behind it, or in "shared".
void main(String[] arguments) throws IOException {
  var hostname = "127.0.0.1";
  var port = 3000;
  var folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "shared"));
  var limits = MultipartOptions.defaults().withMaxFileSize(1L << 30).withMaxSize(1L << 30);

  var app = Web.app();
  app.use(Web.accessLog(IO::println));
  app.get("/", blocking((request, response) -> response.send(page(folder))));
  app.post("/files", Web.multipart(limits), blocking((request, response) -> {
    for (var upload : request.files()) {
      upload.moveTo(free(folder, upload.fileName()));
    }
    response.redirect(303, "/");
  }));
  app.get("/files", blocking((request, response) -> response.json(list(folder))));
  app.use("/files", StaticFiles.from(folder));
  app.listen(port, hostname, () -> IO.println("Server running at http://" + hostname + ":" + port + "/"));
}

record SharedFile(String name, long size) {}

List<SharedFile> list(Path folder) throws IOException {
  try (var files = Files.list(folder)) {
    return files
        .filter(Files::isRegularFile)
        .map(file -> new SharedFile(file.getFileName().toString(), file.toFile().length()))
        .sorted(Comparator.comparing(SharedFile::name))
        .toList();
  }
}

// A name that is not taken: "a.txt", then "a-1.txt".
Path free(Path folder, String name) throws IOException {
  int dot = name.lastIndexOf('.');
  var begin = dot > 0 ? name.substring(0, dot) : name;
  var end = dot > 0 ? name.substring(dot) : "";
  for (int i = 0; ; i++) {
    try {
      return Files.createFile(folder.resolve(i == 0 ? name : begin + "-" + i + end));
    } catch (FileAlreadyExistsException taken) {
      // The next number.
    }
  }
}

String page(Path folder) throws IOException {
  var rows = new StringBuilder();
  for (var file : list(folder)) {
    var link = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
    rows.append("<li><a href=\"/files/%s\">%s</a> %,d bytes</li>\n".formatted(link, escaped(file.name()), file.size()));
  }
  return """
      <!DOCTYPE html>
      <meta charset="utf-8">
      <title>Shared files</title>
      <h1>Shared files</h1>
      <ul>
      %s</ul>
      <form method="post" action="/files" enctype="multipart/form-data">
        <input type="file" name="file" multiple required> <button>Upload</button>
      </form>
      """.formatted(rows);
}

String escaped(String text) {
  return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
}
