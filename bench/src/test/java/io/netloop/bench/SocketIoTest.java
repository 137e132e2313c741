package io.netloop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Socket.IO, where {@code ./netloop test} has installed it. */
@EnabledOnOs(OS.LINUX)
final class SocketIoTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("user.home"), ".cache/netloop/ws/node_modules/socket.io");
  private static final Path SCRIPTS = Path.of(System.getProperty("netloop.root"), "bench/peers");
  private static final long NANOS = 50 * Clock.MILLISECOND;

  @BeforeAll
  static void look() {
    assumeTrue(Files.isDirectory(FOLDER), "npm's socket.io is not installed");
    assumeTrue(Machine.program("node") != null, "there is no node");
  }

  @ParameterizedTest
  @ValueSource(ints = {Frames.TEXT, Frames.BINARY})
  void sendsBackTextsAndBytes(int opcode) throws IOException {
    int length = opcode == Frames.TEXT ? 64 : 16 * 1024;
    try (ServerProcess server = start("socketio.js", "echo");
        Load load = new FrameEcho(server.port(), 4, Dialect.SOCKET_IO, opcode, length)) {
      assertThat(untilSomething(load)).isPositive();
    }
  }

  @Test
  void sendsToAll() throws IOException {
    try (ServerProcess server = start("socketio.js", "fanout");
        Load load = FanOut.open(server.port(), 20, 16, Dialect.SOCKET_IO)) {
      assertThat(load.run(NANOS)).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void hasARoomInWhichAllHearWhatOneSays() throws IOException {
    try (ServerProcess server = start("socketio-room.js");
        Load load = Talk.open(server.port(), 20, 2, 1, Speech.SOCKET_IO)) {
      assertThat(load.run(NANOS)).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void answersIdleConnectionsOnce() throws IOException {
    try (ServerProcess server = start("socketio.js", "echo");
        Connections connections = new Connections(server.port(), 10, Linux.EPOLLIN)) {
      Opening.once(connections, 0, Dialect.SOCKET_IO);
      assertThat(server.isAlive()).isTrue();
    }
  }

  private static long untilSomething(Load load) throws IOException {
    long done = 0;
    while (done == 0) {
      done = load.run(NANOS);
    }
    return done;
  }

  private static ServerProcess start(String script, String... arguments) throws IOException {
    Peer peer = Peer.of("Socket.IO", List.of("node", SCRIPTS.resolve(script).toString()));
    peer = peer.with(FOLDER.toString());
    for (String argument : arguments) {
      peer = peer.with(argument);
    }
    return new ServerProcess(peer);
  }
}
