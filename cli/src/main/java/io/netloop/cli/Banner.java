package io.netloop.cli;

import io.netloop.net.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code ./netloop chat} prints: that the room is open, how to join, how to stop. */
enum Banner {
  ZH("正在关闭聊天室：已通知所有人，最多等待 5 秒。") {
    @Override
    List<String> all(Place at, @Nullable String page, @Nullable String name) {
      return List.of(
          "聊天室已开放：" + at.room() + (at.isEncrypted() ? "（已加密：TLS）" : ""),
          "",
          "加入聊天室：",
          "  浏览器：" + page,
          "  ./netloop join" + at.target(),
          "  " + at.program() + "    （每行一条 JSON，例如 " + LOGIN + "）",
          "  课程中的客户端：连接 " + at.host() + " 端口 " + at.port(),
          "",
          at.isLocal()
              ? "目前只有本机可以加入；向网络开放：./netloop chat --host 0.0.0.0" + at.portOption()
              : "聊天室已向网络开放：其他机器请使用本机的名称或地址。",
          name == null
              ? "没有公布：./netloop join 需要带上地址。"
              : "已公布，名称是“" + name + "”：不带地址运行 ./netloop join 就能找到。",
          "停止：Ctrl-C");
    }
  },
  EN("Closing the room: everybody has been told, 5 seconds at the most.") {
    @Override
    List<String> all(Place at, @Nullable String page, @Nullable String name) {
      return List.of(
          "The chat room is open on " + at.room() + (at.isEncrypted() ? ", encrypted (TLS)" : ""),
          "",
          "To join it:",
          "  a browser: " + page,
          "  ./netloop join" + at.target(),
          "  " + at.program() + "    (a JSON text per line, such as " + LOGIN + ")",
          "  a client of the course, connected to " + at.host() + " port " + at.port(),
          "",
          at.isLocal()
              ? "Only this machine can join. To open it to the network:"
                  + " ./netloop chat --host 0.0.0.0"
                  + at.portOption()
              : "It is open to the network: others join by this machine's name or address.",
          name == null
              ? "It is not announced: ./netloop join has to be told where it is."
              : "It is announced as \"" + name + "\": ./netloop join finds it without an address.",
          "To stop it: Ctrl-C");
    }
  };

  private static final String LOGIN = "{\"type\":\"login\",\"nickname\":\"ann\"}";
  private static final int DEFAULT_PORT = 3000;

  /** The place of the line about announcements in {@link #all}. */
  private static final int ANNOUNCED = 9;

  /** The place of the line about clients of the course. */
  private static final int COURSE = 6;

  /** The place of the line about the page. */
  private static final int PAGE = 3;

  private final String closing;

  Banner(String closing) {
    this.closing = closing;
  }

  /** The banner in the language {@code zh} or {@code en}. */
  static Banner in(String language) {
    return language.equals("zh") ? ZH : EN;
  }

  /** The one of the two languages that fits. */
  static String language(Locale locale) {
    return locale.getLanguage().equals("zh") ? "zh" : "en";
  }

  /**
   * Where a room is.
   *
   * @param name by which it is asked for with TLS, because its certificate is for that; null where
   *     it is not encrypted
   */
  record Place(HostPort room, @Nullable String name) {
    boolean isEncrypted() {
      return name != null;
    }

    boolean isLocal() {
      return room.host().startsWith("127.") || room.host().equals("::1");
    }

    int port() {
      return room.port();
    }

    /** What this machine itself asks for. */
    String host() {
      return name == null ? reachable(room) : name;
    }

    String portOption() {
      return room.port() == DEFAULT_PORT ? "" : " --port " + room.port();
    }

    /** What {@code join} needs to be told, where it isn't what it goes to by itself. */
    String target() {
      if (name == null && host().equals("127.0.0.1") && room.port() == DEFAULT_PORT) {
        return "";
      }
      String port = room.port() == DEFAULT_PORT && isEncrypted() ? "" : ":" + room.port();
      return (isEncrypted() ? " --tls " : " ") + bracketed(host()) + port;
    }

    /** What everybody has who has no {@code join}. */
    String program() {
      return isEncrypted()
          ? "openssl s_client -quiet -connect " + bracketed(host()) + ":" + room.port()
          : "nc " + host() + " " + room.port();
    }

    /** What a browser is to be given; some trust the name more than the address. */
    String page(HostPort web) {
      if (isEncrypted()) {
        return "https://" + bracketed(host()) + (web.port() == 443 ? "" : ":" + web.port()) + "/";
      }
      String host = reachable(web);
      String named = host.equals("127.0.0.1") ? "localhost" : bracketed(host);
      return "http://" + named + ":" + web.port() + "/";
    }

    private static String bracketed(String host) {
      return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** The address for all addresses is none to go to. */
    private static String reachable(HostPort at) {
      return switch (at.host()) {
        case "0.0.0.0" -> "127.0.0.1";
        case "::" -> "::1";
        default -> at.host();
      };
    }
  }

  /**
   * The lines for a room that is open there.
   *
   * @param web where it is open for browsers, or null
   * @param name what it is announced as, or null where it is not announced
   */
  List<String> lines(Place at, @Nullable HostPort web, @Nullable String name) {
    List<String> lines = new ArrayList<>(all(at, web == null ? null : at.page(web), name));
    if (name == null && (at.isLocal() || at.isEncrypted())) {
      lines.remove(ANNOUNCED); // nobody would expect it to be
    }
    if (at.isEncrypted()) {
      lines.remove(COURSE); // it knows no TLS
    }
    if (web == null) {
      lines.remove(PAGE);
    }
    return lines;
  }

  abstract List<String> all(Place at, @Nullable String page, @Nullable String name);

  /** The line that says that the room is being closed. */
  String closing() {
    return closing;
  }
}
