package io.netloop.net;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Our half of {@link SideBySideTest}: what a program uses to tell what happens. The class Part of
 * side-by-side.js is the same, name by name. All of it on the loop.
 */
final class Part {
  private final Transcript transcript;
  private final Path dir;
  private final String target;
  private final Loop loop = Loop.current();
  private final List<TcpSocket> sockets = new ArrayList<>();
  private final List<TcpServer> servers = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<String[]> names = new ArrayList<>();
  private int holds;
  private long quietMillis = 5;
  private Timer quiet;
  private boolean over;

  Part(Transcript transcript, Path dir, String target) {
    this.transcript = transcript;
    this.dir = dir;
    this.target = target;
    alias(dir.toString(), "DIR");
    if (!target.isEmpty()) {
      alias(target, hasPort() ? "PORT" : "PATH");
    }
  }

  private boolean hasPort() {
    return !target.isEmpty() && Character.isDigit(target.charAt(0));
  }

  /** Where the other part's server listens. */
  int port() {
    return hasPort() ? Integer.parseInt(target) : 0;
  }

  ConnectOptions target() {
    return hasPort()
        ? ConnectOptions.port(port()).withHost("127.0.0.1")
        : ConnectOptions.path(target);
  }

  void log(String who, String line) {
    if (over) {
      return;
    }
    String named = line;
    for (String[] name : names) {
      named = named.replace(name[0], name[1]);
    }
    transcript.log(who, named);
  }

  /** What differs from run to run gets a name. */
  void alias(Object actual, String name) {
    names.addFirst(new String[] {String.valueOf(actual), name});
  }

  void show(String who, String label, Object... values) {
    StringBuilder line = new StringBuilder(label);
    for (Object value : values) {
      line.append(' ').append(value == null ? "none" : value);
    }
    log(who, line.toString());
  }

  String at(HostPort address) {
    if (address == null) {
      return null;
    }
    return address.isPath()
        ? address.host()
        : address.host() + " " + address.family() + " " + address.port();
  }

  /** An error with all it carries, in Node's names. */
  static String error(NetException e) {
    StringBuilder line = new StringBuilder(e.code() + " [" + Differences.withoutNote(e) + "]");
    if (e.syscall() != null) {
      line.append(" syscall=").append(e.syscall());
    }
    if (e.address() != null) {
      line.append("getaddrinfo".equals(e.syscall()) ? " hostname=" : " address=")
          .append(e.address());
    }
    if (e.port() != null) {
      line.append(" port=").append(e.port());
    }
    if (e.errno() != 0 && e.syscall() != null) {
      line.append(" errno=").append(e.errno());
    }
    e.errors().forEach(inner -> line.append(" + ").append(error(inner)));
    return line.toString();
  }

  /** A callback that tells how it went. */
  Consumer<NetException> told(String who, String label) {
    return e -> log(who, label + " " + (e == null ? "done" : error(e)));
  }

  /** A call that may be refused. */
  void attempt(String who, String label, Callable<?> work) {
    try {
      Object result = work.call();
      boolean plain =
          result instanceof Boolean || result instanceof Number || result instanceof String;
      show(who, label, plain ? result : "done");
    } catch (NetException e) {
      log(who, label + " throws " + e.code() + " [" + e.getMessage() + "]");
    } catch (Exception e) {
      log(who, label + " throws " + e);
    }
  }

  Buffer bytes(int count) {
    return TcpTest.bytes(count);
  }

  String path(String name) {
    return dir + "/" + name;
  }

  /**
   * What runs on the connection in Linux: 02 is the timer of keep-alive; and whether it fires
   * within these seconds.
   */
  static String timer(TcpSocket socket, int seconds) {
    String ours = ":%04X".formatted(socket.localPort());
    String peers = ":%04X".formatted(socket.remotePort());
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : lines(table)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > 5 && fields[1].endsWith(ours) && fields[2].endsWith(peers)) {
          String[] timer = fields[5].split(":", -1);
          boolean soon = Integer.parseInt(timer[1], 16) <= seconds * 100;
          return timer[0] + (soon ? " soon" : " late");
        }
      }
    }
    return null;
  }

  private static List<String> lines(String table) {
    try {
      return Files.readAllLines(Path.of(table));
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  void hold() {
    holds++;
    if (quiet != null) {
      quiet.clear();
    }
  }

  void release() {
    if (--holds == 0 && !over) {
      quiet = loop.setTimeout(quietMillis, () -> transcript.done.complete(null));
    }
  }

  void later(long millis, Runnable work) {
    hold();
    timers.add(
        loop.setTimeout(
            millis,
            () -> {
              work.run();
              release();
            }));
  }

  /** The whole program is over. */
  void stop() {
    transcript.stopped.complete(null);
  }

  TcpSocket watch(String who, TcpSocket socket) {
    return watch(who, socket, true);
  }

  TcpSocket watch(String who, TcpSocket socket, boolean reads) {
    sockets.add(socket);
    hold();
    socket
        .onConnect(() -> log(who, "connect"))
        .onReady(() -> log(who, "ready"))
        .onEnd(() -> log(who, "end"))
        .onDrain(() -> log(who, "drain"))
        .onFinish(() -> log(who, "finish"))
        .onTimeout(() -> log(who, "timeout"))
        .onLookup(found -> log(who, looked(found)))
        .onConnectionAttempt(to -> log(who, "connectionAttempt " + attempted(to)))
        .onConnectionAttemptTimeout(to -> log(who, "connectionAttemptTimeout " + attempted(to)))
        .onConnectionAttemptFailed(
            (to, e) -> log(who, "connectionAttemptFailed " + attempted(to) + " " + error(e)))
        .onError(e -> log(who, "error " + error(e)))
        .onClose(cause -> {
          log(who, "close " + cause.hadError());
          release();
        });
    if (reads) {
      socket.onData(data -> {
        if (!over) {
          transcript.data(who, data.toByteArray());
        }
      });
    }
    return socket;
  }

  private static String looked(Lookup found) {
    return found.error() == null
        ? "lookup " + found.address() + " " + number(found.family()) + " " + found.host()
        : "lookup " + found.error().code() + " " + found.host();
  }

  private static String attempted(HostPort to) {
    return to.host() + " " + to.port() + " " + number(to.family());
  }

  private static String number(String family) {
    return family.substring(3);
  }

  TcpServer watch(String who, TcpServer server) {
    quietMillis = 40;
    servers.add(server);
    return server
        .onListening(() -> log(who, "listening"))
        .onClose(() -> log(who, "close"))
        .onError(e -> log(who, "error " + error(e)))
        .onDrop(drop -> log(who, "drop " + (drop.local() == null ? "none" : dropped(drop))));
  }

  private static String dropped(Drop drop) {
    HostPort local = drop.local();
    HostPort remote = drop.remote();
    return local.family() + " " + local.host() + " " + remote.family() + " " + remote.host();
  }

  void closeAtEnd(TcpServer server) {
    servers.add(server);
  }

  void listening(TcpServer server) {
    HostPort at = server.address();
    alias(at.isPath() ? at.host() : at.port(), at.isPath() ? "PATH" : "PORT");
    transcript.listening.complete(at.isPath() ? at.host() : String.valueOf(at.port()));
  }

  /** Closes what the part has left open. */
  void end() {
    over = true;
    sockets.forEach(TcpSocket::destroy);
    servers.forEach(TcpServer::close);
    timers.forEach(Timer::clear);
    if (quiet != null) {
      quiet.clear();
    }
  }
}
