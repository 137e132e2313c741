import module io.netloop;
import tools.jackson.databind.json.JsonMapper;

// The chat room of the course in one file: unique nicknames, broadcast, whisper, notices. One line is one message.
final JsonMapper json = new JsonMapper();
final Map<String, TcpSocket> users = new LinkedHashMap<>();
record Message(String type, Boolean success, String nickname, String message, Integer sumUsers) {}
void main() { Net.createServer(this::welcome).listen(3000, "127.0.0.1", () -> IO.println("chat room open")); }

void welcome(TcpSocket socket) {
  var name = new AtomicReference<>("");
  var unread = new StringBuilder(); // one 'data' event may hold half a message, or three
  socket.setEncoding("utf8").onData(data -> {
    unread.append(data);
    for (int end; (end = unread.indexOf("\n")) >= 0; unread.delete(0, end + 1))
      receive(json.readValue(unread.substring(0, end), Message.class), socket, name);
  });
  socket.onClose(cause -> { if (users.remove(name.get(), socket)) notice(name.get(), "离开", socket); });
}

void receive(Message message, TcpSocket socket, AtomicReference<String> name) {
  var to = users.get(message.nickname);
  if (message.type.equals("login") && to == null && name.compareAndSet("", message.nickname)) {
    users.put(name.get(), socket);
    send(socket, new Message("login", true, name.get(), "登录成功", users.size()));
    notice(name.get(), "进入", socket);
  } else if (message.type.equals("login") || name.get().isEmpty())
    send(socket, new Message("login", false, message.nickname, "登录失败", users.size()));
  else if (message.type.equals("broadcast"))
    users.values().forEach(user -> send(user, new Message("broadcast", null, name.get(), message.message, null)));
  else if (to == null) send(socket, new Message("p2p", false, name.get(), "该用户不存在", null));
  else send(to, new Message("p2p", true, name.get(), message.message, null));
}

void notice(String name, String verb, TcpSocket except) {
  var notice = new Message("log", null, name, name + " " + verb + "了聊天室，当前在线人数：" + users.size(), null);
  users.values().stream().filter(user -> user != except).forEach(user -> send(user, notice));
}

void send(TcpSocket socket, Message message) { socket.write(json.writeValueAsString(message) + "\n"); }
