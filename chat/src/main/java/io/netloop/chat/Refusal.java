package io.netloop.chat;

/** Why something is not done: the name is the code on the wire, the text is for people. */
enum Refusal {
  NICKNAME_TAKEN("登录失败，该昵称已存在"),
  NICKNAME_INVALID("登录失败，昵称不合法"),
  ALREADY_LOGGED_IN("登录失败，您已登录"),
  ROOM_FULL("登录失败，聊天室已满"),
  USER_NOT_FOUND("该用户不存在"),
  NOT_LOGGED_IN("请先登录"),
  BAD_MESSAGE("消息格式错误"),
  MESSAGE_TOO_LONG("消息过长"),
  MESSAGE_EMPTY("消息不能为空"),
  RATE_LIMITED("发送过于频繁"),
  TOO_MANY_CONNECTIONS("来自该地址的连接过多");

  private final String text;

  Refusal(String text) {
    this.text = text;
  }

  /** What people read. */
  String text() {
    return text;
  }
}
