import module io.netloop;
import io.netloop.loop.Buffer;

// Sends a blob and a buffer, and takes what comes back as either.
void main() {
  var ws = new WebSocket("ws://localhost:8080/echo");
  ws.onOpen(event -> {
    ws.send("text");
    ws.send(new Blob(Buffer.from("a file's content"), "text/plain"));
  });
  ws.onMessage(event -> {
    switch (event.data()) {
      case String text -> IO.println("Received data string: " + text);
      case Blob blob -> {
        IO.println("Received blob: " + blob.size() + " bytes");
        ws.binaryType("arraybuffer");
        var image = new byte[400 * 320 * 4];
        ws.send(image);
      }
      case Buffer buffer -> {
        IO.println("Received arraybuffer: " + buffer.length() + " bytes");
        ws.close();
      }
      default -> throw new AssertionError(event);
    }
  });
}
