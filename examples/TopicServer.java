import module io.netloop;

// Rooms: who opens ws://localhost:8080/rooms?NAME hears what the others in that room say.
void main() {
  var http = Http.createServer((request, response) -> response.end("There are rooms at /rooms?NAME.\n"));
  var rooms = WebSockets.attach(http, "/rooms", socket -> {
    var url = socket.request().url();
    var room = url.contains("?") ? url.substring(url.indexOf('?') + 1) : "lobby";
    socket.subscribe(room);
    socket.onMessage(message -> socket.publish(room, message));
  });
  rooms.onSubscription((socket, room, now, before) -> {
    IO.println(room + ": " + before + " -> " + now);
    rooms.publish(room, now + " here");
  });
  http.listen(8080, () -> IO.println("ws://localhost:8080/rooms?NAME"));
}
