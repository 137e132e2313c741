import module io.netloop;

// A text with places for data: what stands in braces is computed, and escaped for HTML.
void main() {
  // var page = Templates.render("Hello {{ message }}", Map.of("message", "World"));
  record Todo(String title, boolean completed) {}
  var page = Templates.render("""

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8" />
<title>Document</title>
</head>
<body>
  <h1>Hello {{ message }}</h1>
  <ul>
    {{ each todos }}
    <li>{{ $value.title }} <input type="checkbox" {{ $value.completed ? 'checked' : '' }} /></li>
    {{ /each }}
  </ul>
</body>
</html>
""", Map.of(
      "message", "World",
      "todos", List.of(
          new Todo("吃饭", false),
          new Todo("睡觉", true),
          new Todo("打豆豆", false))));
  IO.println(page);
}
