import module io.netloop;

// The ways to listen: several listeners of one event are told in their order.
void main() {
  var ws = new WebSocket("ws://localhost:8080/echo");
  ws.onOpen(event -> IO.println("onOpen"));
  ws.addEventListener("open", event -> ws.send("Hello Server!"));
  ws.addEventListener("message", event -> IO.println("once, a " + event.type()), true);
  ws.addEventListener(WebSocket.MESSAGE, event -> {
    IO.println(event.data());
    if (event.text().equals("again")) {
      ws.close(1000, "enough");
    } else {
      ws.send("again");
    }
  });
  ws.addEventListener(WebSocket.CLOSE, event -> {
    IO.println("close " + event.code() + " " + event.reason());
    var nobody = new WebSocket("ws://localhost:1/");
    nobody.onError(error -> IO.println("error " + error.error().code()));
    nobody.addEventListener("close", closed -> IO.println("close again"));
  });
}
