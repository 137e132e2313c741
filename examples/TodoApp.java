import module io.netloop;

// Things to do: a page with forms, a JSON API under /api, files under /assets, and every change seen at once by
// everybody who looks, through a WebSocket.
record Todo(int id, String title, boolean completed) {}

static final int MOST = 1000;

// All of this is the loop's own, and so needs no lock.
final List<Todo> todos = new ArrayList<>();
int lastId;
Consumer<String> publish = html -> {};

final Template list = Templates.compile("""
{{ if todos.length === 0 }}<li>Nothing to do.</li>{{ /if }}
{{ each todos todo }}
<li class="{{ todo.completed ? 'done' : '' }}">
  <form method="post" action="/todos/{{ todo.id }}/toggle">
    <button aria-label="Done">{{ todo.completed ? '☑' : '☐' }}</button>
  </form>
  <span>{{ todo.title }}</span>
  <form method="post" action="/todos/{{ todo.id }}/delete"><button aria-label="Delete">✕</button></form>
</li>
{{ /each }}
<li>{{ todos.filter(todo => !todo.completed).length }} left</li>
""");

final Template page = Templates.compile("""
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>To do</title>
  <link rel="stylesheet" href="/assets/todo.css">
  <script type="module" src="/assets/todo.js"></script>
</head>
<body>
  <h1>To do</h1>
  <form method="post" action="/todos">
    <input name="title" placeholder="What next?" maxlength="200" required autofocus>
    <button>Add</button>
  </form>
  <ul id="todos">{{@ list }}</ul>
</body>
</html>
""");

String html() {
  return list.render(Map.of("todos", todos));
}

Todo add(String title) {
  var text = title == null ? "" : title.strip();
  if (text.isEmpty() || text.length() > 200) {
    throw new WebException(400, "WRONG_TITLE", "A title has 1 to 200 characters.");
  }
  if (todos.size() >= MOST) {
    throw new WebException(409, "TOO_MANY", "There are " + MOST + " things to do: do some first.");
  }
  var todo = new Todo(++lastId, text, false);
  todos.add(todo);
  publish.accept(html());
  return todo;
}

void change(WebRequest request, UnaryOperator<Todo> change) {
  var id = request.param("id");
  if (todos.stream().noneMatch(todo -> String.valueOf(todo.id).equals(id))) {
    throw new WebException(404, "NOT_FOUND", "There is no such thing to do.");
  }
  todos.replaceAll(todo -> String.valueOf(todo.id).equals(id) ? change.apply(todo) : todo);
  todos.removeIf(Objects::isNull);
  publish.accept(html());
}

Todo toggled(Todo todo) {
  return new Todo(todo.id, todo.title, !todo.completed);
}

void main() {
  var app = Web.app();
  app.use("/assets", StaticFiles.from(Path.of("examples/todo")));

  // The page, and its forms: they work without a script, too.
  app.get("/", (request, response) -> response.send(page.render(Map.of("list", html()))));
  app.post("/todos", Web.form(), (request, response) -> {
    add(request.form().get("title"));
    response.redirect(303, "/");
  });
  app.post("/todos/:id/toggle", (request, response) -> {
    change(request, this::toggled);
    response.redirect(303, "/");
  });
  app.post("/todos/:id/delete", (request, response) -> {
    change(request, todo -> null);
    response.redirect(303, "/");
  });

  // The same for programs.
  app.get("/api/todos", (request, response) -> response.json(todos));
  app.post("/api/todos", Web.json(), (request, response) ->
      response.status(201).json(add(String.valueOf(request.body(Map.class).get("title")))));
  app.delete("/api/todos/:id", (request, response) -> {
    change(request, todo -> null);
    response.sendStatus(204);
  });

  var live = WebSockets.attach(app.server(), "/live", socket -> {
    socket.subscribe("todos");
    socket.send(html());
  });
  publish = text -> live.publish("todos", text);
  app.listen(3000, "127.0.0.1", () -> IO.println("Things to do at http://127.0.0.1:3000/"));
}
