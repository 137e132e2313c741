package io.netloop.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code ./netloop chat} is found by {@code ./netloop join}: here, nothing leaves this machine. */
class JoinDiscoveryTest {
  private static final Path LAUNCHER = Path.of(System.getProperty("netloop.root"), "netloop");

  private final int port = freePort();
  private final List<String> meeting =
      List.of("--discovery-via", "127.0.0.1", "--discovery-port", "" + port);

  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Command command(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(meeting);
    return new Command(all.toArray(String[]::new));
  }

  /** A room that is announced by now. */
  private Command room(String name, String... options) {
    List<String> args =
        new ArrayList<>(List.of("chat", "--port", "0", "--web-port", "0", "--lang", "en"));
    args.addAll(List.of("--name", name));
    args.addAll(List.of(options));
    return command(args.toArray(String[]::new)).says("Ctrl-C");
  }

  private Command join(String... options) {
    List<String> args = new ArrayList<>(List.of("join", "--nick", "ann", "--lang", "en"));
    args.addAll(List.of(options));
    return command(args.toArray(String[]::new));
  }

  private Tmux terminal() {
    return new Tmux(
        "'%s' join --nick 张三 --lang en %s".formatted(LAUNCHER, String.join(" ", meeting)));
  }

  @Test
  void theOnlyRoomIsJoined() {
    try (Command room = room("Ann's room").says("It is announced as \"Ann's room\"");
        Command ann = join().type("hello\n").endInput()) {
      assertThat(ann.status()).isZero();

      assertThat(ann.out()).isEqualTo("Logged in, users online: 1\nann: hello\n");
      assertThat(ann.err())
          .isEqualTo("Joining 127.0.0.1:%d  Ann's room (users online: 0)\n".formatted(room.port()));
    }
  }

  @Test
  void ofSeveralRoomsNoneIsJoinedOverPipes() {
    try (Command anns = room("Ann's room");
        Command bens = room("小本");
        Command ann = join().type("hello\n").endInput()) {
      assertThat(ann.status()).isEqualTo(1);

      assertThat(ann.out()).isEmpty();
      assertThat(ann.err().lines())
          .containsExactly(
              "There are 2 rooms:",
              "  1  127.0.0.1:%d  Ann's room (users online: 0)".formatted(anns.port()),
              "  2  127.0.0.1:%d  小本 (users online: 0)".formatted(bens.port()),
              "netloop: there are 2 rooms, and nobody to choose one: name it, for example"
                  + " ./netloop join 127.0.0.1:%d.".formatted(anns.port()));
    }
  }

  @Test
  void ofSeveralRoomsOneIsChosenInATerminal() {
    try (Command anns = room("Ann's room");
        Command bens = room("小本");
        Tmux zhang = terminal()) {
      zhang.sees("1  127.0.0.1:" + anns.port()).sees("2  127.0.0.1:" + bens.port());
      zhang.endsWith("Which one? (1-2)").type("3").press("Enter");
      zhang.sees("Which one? (1-2) 3").endsWith("Which one? (1-2)").type("2").press("Enter");
      zhang.sees("Joining 127.0.0.1:" + bens.port()).sees("Logged in, users online: 1");
      zhang.endsWith(">").type("大家好").press("Enter").sees("张三: 大家好");
      bens.says("joined as 张三");
    }
  }

  @Test
  void whoLeavesInsteadOfChoosingJoinsNothing() {
    try (Command anns = room("Ann's room");
        Command bens = room("小本")) {
      for (String key : new String[] {"C-c", "C-d"}) {
        try (Tmux zhang = terminal()) {
          zhang.endsWith("Which one? (1-2)").press(key).sees("status 0");
          assertThat(zhang.screen()).doesNotContain("Joining");
        }
      }
      anns.signal("TERM");
      bens.signal("TERM");
      assertThat(anns.out() + bens.out()).doesNotContain("joined as");
    }
  }

  @Test
  void aRoomThatIsNotAnnouncedIsNotFound() {
    try (Command room = room("Ann's room", "--no-announce");
        Command ann = join().endInput()) {
      // Whether a room is on the port that is tried then, is not ours to say.
      ann.says("No room is announced on the network; trying this machine: 127.0.0.1:3000");
      assertThat(ann.err()).doesNotContain("Ann's room");
      room.signal("TERM");
      assertThat(room.out()).doesNotContain("announced as").doesNotContain("joined");
    }
  }

  @Test
  void aRoomThatHasClosedIsNotFound() {
    try (Command room = room("Ann's room")) {
      room.signal("TERM");
      assertThat(room.status()).isZero();
      try (Command ann = join().endInput()) {
        ann.says("No room is announced on the network");
      }
    }
  }

  @Test
  void aFloodOfJunkCostsCountedDropsOnly() throws Exception {
    byte[][] junk = {
      new byte[0],
      new byte[1400],
      "{\"netloop\":1,\"type\":\"room\",\"name\":\"x\"}".getBytes(UTF_8),
      "{\"netloop\":1,\"type\":\"query\"}".getBytes(UTF_8),
      "[".repeat(500).getBytes(UTF_8)
    };
    try (Command room = room("unmoved");
        Command ben =
            new Command("join", "127.0.0.1:" + room.port(), "--nick", "ben").says("登录成功");
        DatagramSocket liar = new DatagramSocket()) {
      for (int i = 0; i < 50_000; i++) {
        byte[] bytes = junk[i % junk.length];
        liar.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
      }
      ben.type("still here\n").says("ben: still here");
      // What a second may bring is used up; then it is found again.
      try (Command ann = join().type("/quit\n")) {
        ann.says("Logged in, users online: 2");
        assertThat(ann.status()).isZero();
        assertThat(ann.err()).contains("unmoved");
      }
      ben.type("/quit\n");
      assertThat(ben.status()).isZero();
      room.signal("TERM");
      assertThat(room.status()).isZero();
      assertThat(room.out() + room.err())
          .containsPattern("Discovery: [1-9]\\d* questions answered, \\d{4,} datagrams dropped");
    }
  }

  /** Rooms that do not exist can be announced by anybody: a few of one address are believed. */
  @Test
  void aLiarIsListedAFewTimesAndItsNamesCannotDriveATerminal() throws Exception {
    try (DatagramSocket liar = new DatagramSocket();
        Command ann = join()) {
      await()
          .atMost(Command.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> {
            for (int i = 1; i <= 100; i++) {
              lie(liar, i);
            }
            return !ann.isAlive();
          });
      assertThat(ann.status()).isEqualTo(1);

      assertThat(ann.err())
          .contains("There are 8 rooms:")
          .contains("␛[2J")
          .doesNotContain("\u001b");
      assertThat(ann.err().lines()).hasSize(10);
    }
  }

  private void lie(DatagramSocket liar, int number) throws IOException {
    String lie =
        "{\"netloop\":1,\"type\":\"room\",\"name\":\"\\u001b[2J%d\",\"port\":%d,\"users\":1}"
            .formatted(number, number);
    byte[] bytes = lie.getBytes(UTF_8);
    liar.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
  }
}
