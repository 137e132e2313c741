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
    List<String> all(HostPort at, @Nullable HostPort web, @Nullable String name) {
      return List.of(
          "聊天室已开放：" + at,
          "",
          "加入聊天室：",
          "  浏览器：" + page(web),
          "  ./netloop join" + target(at),
          "  nc " + reachable(at) + " " + at.port() + "    （每行一条 JSON，例如 " + LOGIN + "）",
          "  课程中的客户端：连接 " + reachable(at) + " 端口 " + at.port(),
          "",
          isLocal(at)
              ? "目前只有本机可以加入；向网络开放：./netloop chat --host 0.0.0.0" + port(at)
              : "聊天室已向网络开放：其他机器请使用本机的名称或地址。",
          name == null
              ? "没有公布：./netloop join 需要带上地址。"
              : "已公布，名称是“" + name + "”：不带地址运行 ./netloop join 就能找到。",
          "停止：Ctrl-C");
    }
  },
  EN("Closing the room: everybody has been told, 5 seconds at the most.") {
    @Override
    List<String> all(HostPort at, @Nullable HostPort web, @Nullable String name) {
      return List.of(
          "The chat room is open on " + at,
          "",
          "To join it:",
          "  a browser: " + page(web),
          "  ./netloop join" + target(at),
          "  nc "
              + reachable(at)
              + " "
              + at.port()
              + "    (a JSON text per line, such as "
              + LOGIN
              + ")",
          "  a client of the course, connected to " + reachable(at) + " port " + at.port(),
          "",
          isLocal(at)
              ? "Only this machine can join. To open it to the network:"
                  + " ./netloop chat --host 0.0.0.0"
                  + port(at)
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
   * The lines for a room that is open there.
   *
   * @param web where it is open for browsers, or null
   * @param name what it is announced as, or null where it is not announced
   */
  List<String> lines(HostPort at, @Nullable HostPort web, @Nullable String name) {
    List<String> lines = new ArrayList<>(all(at, web, name));
    if (isLocal(at) && name == null) {
      lines.remove(ANNOUNCED); // nobody would expect it to be
    }
    if (web == null) {
      lines.remove(PAGE);
    }
    return lines;
  }

  abstract List<String> all(HostPort at, @Nullable HostPort web, @Nullable String name);

  /** The line that says that the room is being closed. */
  String closing() {
    return closing;
  }

  private static boolean isLocal(HostPort at) {
    return at.host().startsWith("127.") || at.host().equals("::1");
  }

  /** Where this machine itself finds the room: the address for all addresses is none to go to. */
  private static String reachable(HostPort at) {
    return switch (at.host()) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "::1";
      default -> at.host();
    };
  }

  /** What a browser of this machine is to be given; some trust the name more than the address. */
  private static String page(@Nullable HostPort web) {
    if (web == null) {
      return "";
    }
    String host = reachable(web);
    HostPort there =
        new HostPort(host.equals("127.0.0.1") ? "localhost" : host, web.port(), web.family());
    return "http://" + there + "/";
  }

  private static String port(HostPort at) {
    return at.port() == DEFAULT_PORT ? "" : " --port " + at.port();
  }

  /** What {@code join} needs to be told, where it isn't what it goes to by itself. */
  private static String target(HostPort at) {
    String host = reachable(at);
    if (host.equals("127.0.0.1") && at.port() == DEFAULT_PORT) {
      return "";
    }
    return " " + new HostPort(host, at.port(), at.family());
  }
}
