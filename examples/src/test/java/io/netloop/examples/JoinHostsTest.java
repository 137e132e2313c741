package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code ./netloop join} finds rooms on other hosts: network namespaces A, B and C, on the ports 1,
 * 2 and 3 of the switch S. Needs the right to make namespaces; who hasn't got it sees the tests
 * skipped.
 */
class JoinHostsTest {
  private static final String[] HOSTS = {"A", "B", "C", "S"};
  private static final String PREFIX = "netloop-room-" + ProcessHandle.current().pid() + "-";

  private static final String UP =
      """
      set -e
      for n in A B C S; do
        ip netns add $n
        ip -n $n link set lo up
      done
      ip -n S link add br0 type bridge mcast_snooping 0
      ip -n S link set br0 up
      i=1
      for n in A B C; do
        ip -n $n link add eth0 type veth peer name port$i netns S
        ip -n S link set port$i master br0
        ip -n S link set port$i up
        ip -n $n addr add 10.77.9.$i/24 brd + dev eth0
        ip -n $n link set eth0 up
        ip -n $n route add default dev eth0
        i=$((i + 1))
      done
      """;

  @BeforeEach
  void makeHosts() throws Exception {
    String whyNot = run(UP);
    if (!whyNot.isEmpty()) {
      System.out.println("The test of rooms on other hosts is skipped: " + whyNot);
    }
    assumeTrue(whyNot.isEmpty(), () -> "no network namespaces can be made here: " + whyNot);
  }

  @AfterEach
  void removeHosts() throws Exception {
    run("for n in A B C S; do ip netns del $n 2>/dev/null || true; done");
  }

  /** Runs a script with the hosts' names put in; what it says, where it fails. */
  private static String run(String script) throws IOException, InterruptedException {
    String named = script;
    for (String host : HOSTS) {
      named = named.replaceAll("\\b" + host + "\\b", PREFIX + host);
    }
    Process shell = new ProcessBuilder("sh", "-c", named).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return shell.exitValue() == 0 ? "" : "status " + shell.exitValue() + ", " + said.strip();
  }

  private static Command room(String host, String name, String... options) {
    String[] args = {"chat", "--host", "0.0.0.0", "--lang", "en", "--name", name};
    String[] all = new String[args.length + options.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return Command.on(PREFIX + host, all).says("Ctrl-C");
  }

  private static Command join(String host, String nick) {
    return Command.on(PREFIX + host, "join", "--lang", "en", "--nick", nick);
  }

  @Test
  void theOnlyRoomOfTheNetworkIsJoinedFromElsewhere() {
    try (Command room = room("A", "Ann's room").says("It is announced as \"Ann's room\"");
        Command cara = join("C", "cara").says("Logged in, users online: 1");
        Command ben = join("B", "ben").says("Logged in, users online: 2")) {
      ben.type("hello from B\n");
      cara.says("ben: hello from B").endInput();
      assertThat(cara.status()).isZero();
      assertThat(cara.err()).isEqualTo("Joining 10.77.9.1:3000  Ann's room (users online: 0)\n");
      ben.endInput();
      assertThat(ben.status()).isZero();
      assertThat(ben.err()).isEqualTo("Joining 10.77.9.1:3000  Ann's room (users online: 1)\n");
      room.says("joined as cara").says("joined as ben");
    }
  }

  @Test
  void severalRoomsAreListedEachWithItsHost() {
    try (Command anns = room("A", "Ann's room");
        Command bens = room("B", "小本", "--port", "4000");
        Command cara = join("C", "cara")) {
      assertThat(cara.status()).isEqualTo(1);
      assertThat(cara.err())
          .startsWith(
              """
              There are 2 rooms:
                1  10.77.9.1:3000  Ann's room (users online: 0)
                2  10.77.9.2:4000  小本 (users online: 0)
              """);
      assertThat(anns.signal("TERM").status()).isZero();
      assertThat(bens.signal("TERM").status()).isZero();
    }
  }

  @Test
  void whatIsNotAnnouncedOrNotOpenIsNotFound() {
    try (Command silent = room("A", "silent", "--no-announce").says("It is not announced");
        Command closed =
            Command.on(PREFIX + "B", "chat", "--lang", "en", "--name", "closed").says("Ctrl-C");
        Command cara = join("C", "cara")) {
      assertThat(cara.status()).isEqualTo(1);
      assertThat(cara.err())
          .contains("No room is announced on the network", "there is no chat room at 127.0.0.1")
          .doesNotContain("silent", "closed");
      assertThat(silent.signal("TERM").status()).isZero();
      assertThat(closed.signal("TERM").out()).doesNotContain("announced");
    }
  }

  /** A switch that keeps groups from its ports is a network like many. */
  @Test
  void aRoomIsFoundByBroadcastWhereTheNetworkCarriesNoGroups() throws Exception {
    assertThat(
            run(
                "for i in 1 2 3; do ip -n S link set port$i type bridge_slave mcast_flood off; done"))
        .isEmpty();
    try (Command room = room("A", "Ann's room");
        Command cara = join("C", "cara").says("Logged in").endInput()) {
      assertThat(cara.status()).isZero();
      assertThat(cara.err()).isEqualTo("Joining 10.77.9.1:3000  Ann's room (users online: 0)\n");
      assertThat(room.signal("TERM").status()).isZero();
    }
  }

  @Test
  void anAddressStandsInForARouteThatIsNotThere() throws Exception {
    assertThat(run("for n in A C; do ip -n $n route del default; done")).isEmpty();
    try (Command room = room("A", "Ann's room", "--discovery-via", "10.77.9.1");
        Command cara =
            Command.on(
                    PREFIX + "C",
                    "join",
                    "--lang",
                    "en",
                    "--nick",
                    "cara",
                    "--discovery-via",
                    "10.77.9.3")
                .says("Logged in")
                .endInput()) {
      assertThat(cara.status()).isZero();
      assertThat(cara.err()).contains("Joining 10.77.9.1:3000  Ann's room");
      assertThat(room.signal("TERM").status()).isZero();
    }
  }
}
