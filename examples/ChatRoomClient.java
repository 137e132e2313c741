import module io.netloop;
import tools.jackson.databind.json.JsonMapper;

// The client of the course's chat room: the first line is the nickname, "@name text" whispers, the rest is for all.
final JsonMapper json = new JsonMapper();

record Message(String type, Boolean success, String nickname, String message, Integer sumUsers) {}

boolean loggedIn;

void main() {
  var client = Net.createConnection(3000, "127.0.0.1", socket -> IO.print("请输入昵称："));
  var unread = new StringBuilder();
  client.setEncoding("utf8").onData(data -> {
    unread.append(data);
    for (int end; (end = unread.indexOf("\n")) >= 0; unread.delete(0, end + 1))
      show(json.readValue(unread.substring(0, end), Message.class));
  });
  Stdio.stdin().onEnd(client::end).onData(typed -> typed.toString().lines().forEach(line -> {
    var whisper = Pattern.compile("@(\\S+)\\s(.+)").matcher(line);
    if (!loggedIn) send(client, new Message("login", null, line.strip(), null, null));
    else if (whisper.matches()) send(client, new Message("p2p", null, whisper.group(1), whisper.group(2), null));
    else send(client, new Message("broadcast", null, null, line, null));
  }));
}

void show(Message message) {
  boolean failed = Boolean.FALSE.equals(message.success);
  IO.println(switch (message.type) {
    case "login" -> (loggedIn = !failed) ? "登录成功，当前在线用户：" + message.sumUsers : "登录失败，请换一个昵称：";
    case "broadcast" -> message.nickname + ": " + message.message;
    case "p2p" -> failed ? "发送失败：" + message.message : message.nickname + " 对你说：" + message.message;
    default -> message.message;
  });
}

void send(TcpSocket socket, Message message) { socket.write(json.writeValueAsString(message) + "\n"); }
