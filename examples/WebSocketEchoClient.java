import module io.netloop;

// Talks to WebSocketEchoServer: sends a text, prints what comes back, and closes.
void main() {
  var ws = new WebSocket("ws://localhost:8080/echo");
  ws.onOpen(event -> {
    IO.println("Connection open ...");
    ws.send("Hello WebSockets!");
  });
  ws.onMessage(event -> {
    IO.println("Received Message: " + event.data());
    ws.close();
  });
  ws.onClose(event -> {
    IO.println("code " + event.code() + ", reason '" + event.reason() + "', wasClean " + event.wasClean());
    IO.println("Connection closed.");
  });
}
