package io.netloop.cli;

import io.netloop.chat.FoundRoom;
import java.util.List;

/** What {@code ./netloop join} says by itself; what the server says stays as it is. */
enum Texts {
  ZH(
      "请输入昵称：",
      "登录成功，当前在线用户：%d",
      "登录失败：%s",
      "%s 对你说：%s",
      "发送失败：%s",
      "与服务器的连接已断开",
      "已重新连接，当前在线用户：%d",
      "断线期间的部分消息已经丢失",
      """
      直接输入内容：发送给所有人
      @昵称 内容：只发送给这个人（Tab 补全昵称）
      /help：显示本帮助
      /quit：离开聊天室（Ctrl-D、Ctrl-C 也可以）\
      """,
      "网络上没有发现聊天室，尝试本机：%s",
      "正在加入：%s",
      "发现 %d 个聊天室：",
      "%s  %s（在线 %d 人）",
      "请选择（1-%d）："),
  EN(
      "Your nickname: ",
      "Logged in, users online: %d",
      "Login failed: %s",
      "%s says to you: %s",
      "Not sent: %s",
      "The connection to the server is lost",
      "Connected again, users online: %d",
      "Some of what was said meanwhile is gone",
      """
      Any text: say it to all
      @nickname text: say it to this one alone (Tab completes the nickname)
      /help: show this
      /quit: leave (so do Ctrl-D and Ctrl-C)\
      """,
      "No room is announced on the network; trying this machine: %s",
      "Joining %s",
      "There are %d rooms:",
      "%s  %s (users online: %d)",
      "Which one? (1-%d) ");

  private final String askName;
  private final String loggedIn;
  private final String refused;
  private final String whisper;
  private final String notSent;
  private final String lost;
  private final String back;
  private final String gone;
  private final String help;
  private final String noRoom;
  private final String joining;
  private final String severalRooms;
  private final String room;
  private final String askRoom;

  Texts(
      String askName,
      String loggedIn,
      String refused,
      String whisper,
      String notSent,
      String lost,
      String back,
      String gone,
      String help,
      String noRoom,
      String joining,
      String severalRooms,
      String room,
      String askRoom) {
    this.askName = askName;
    this.loggedIn = loggedIn;
    this.refused = refused;
    this.whisper = whisper;
    this.notSent = notSent;
    this.lost = lost;
    this.back = back;
    this.gone = gone;
    this.help = help;
    this.noRoom = noRoom;
    this.joining = joining;
    this.severalRooms = severalRooms;
    this.room = room;
    this.askRoom = askRoom;
  }

  /** The texts in the language {@code zh} or {@code en}. */
  static Texts in(String language) {
    return language.equals("zh") ? ZH : EN;
  }

  String askName() {
    return askName;
  }

  String loggedIn(int users) {
    return loggedIn.formatted(users);
  }

  String refused(String why) {
    return refused.formatted(why);
  }

  String broadcast(String from, String message) {
    return from + ": " + message;
  }

  String whisper(String from, String message) {
    return whisper.formatted(from, message);
  }

  String notSent(String why) {
    return notSent.formatted(why);
  }

  String lost() {
    return lost;
  }

  String back(int users) {
    return back.formatted(users);
  }

  /** That not everything can be told that was said while the connection was lost. */
  String gone() {
    return gone;
  }

  /** Line by line. */
  List<String> help() {
    return help.lines().toList();
  }

  /** That nobody announces a room, and where we go instead. */
  String noRoom(String address) {
    return noRoom.formatted(address);
  }

  String joining(FoundRoom found) {
    return joining.formatted(room(found));
  }

  String severalRooms(int count) {
    return severalRooms.formatted(count);
  }

  /** The address first: a name proves nothing. */
  String room(FoundRoom found) {
    return room.formatted(found.address(), found.name(), found.users());
  }

  String askRoom(int count) {
    return askRoom.formatted(count);
  }
}
