import module io.netloop;

// How many bytes have not left yet: more than none right after a send, none some time later.
void main() {
  var ws = new WebSocket("ws://localhost:8080/echo");
  ws.onOpen(event -> {
    ws.send(new byte[10_000_000]);
    if (ws.bufferedAmount() == 0) {
      IO.println("All is sent.");
    } else {
      IO.println("Not all is sent: " + ws.bufferedAmount() + " bytes are not.");
    }
  });
  ws.onMessage(event -> {
    IO.println(event.bytes().length() + " bytes came back, " + ws.bufferedAmount() + " are not sent.");
    ws.close();
  });
}
