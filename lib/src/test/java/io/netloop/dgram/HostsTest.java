package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Across hosts: three network namespaces. A and B share two networks, 10.77.1.0/24 and
 * 10.77.2.0/24; B is also the router to C, on 10.77.3.0/24. Needs the right to make namespaces; who
 * hasn't got it sees the tests skipped.
 */
@Tag("once")
class HostsTest {
  private static final String PREFIX = "netloop-" + ProcessHandle.current().pid();
  private static final String A = PREFIX + "-a";
  private static final String B = PREFIX + "-b";
  private static final String C = PREFIX + "-c";

  private static final String UP =
      """
      set -e
      for n in A B C; do
        ip netns add $n
        ip -n $n link set lo up
        ip netns exec $n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
      done
      for i in 1 2; do
        ip -n A link add one$i type veth peer name two$i netns B
        ip -n A addr add 10.77.$i.1/24 brd + dev one$i
        ip -n B addr add 10.77.$i.2/24 brd + dev two$i
        ip -n A addr add fd77:$i::1/64 dev one$i nodad
        ip -n B addr add fd77:$i::2/64 dev two$i nodad
        ip -n A link set one$i up
        ip -n B link set two$i up
      done
      ip -n A addr add 10.77.1.3/24 brd + dev one1
      ip -n B link add two3 type veth peer name three netns C
      ip -n B addr add 10.77.3.2/24 dev two3
      ip -n C addr add 10.77.3.3/24 dev three
      ip -n B link set two3 mtu 600 up
      ip -n C link set three mtu 600 up
      ip -n A route add default via 10.77.1.2
      ip -n C route add default via 10.77.3.2
      ip netns exec B sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
      """;

  private static String whyNot = "";

  @BeforeAll
  static void makeHosts() throws Exception {
    whyNot = run(UP);
    if (!whyNot.isEmpty()) {
      System.out.println("The tests across hosts are skipped: " + whyNot);
    }
    assumeTrue(whyNot.isEmpty(), () -> "no network namespaces can be made here: " + whyNot);
  }

  @AfterAll
  static void removeHosts() throws Exception {
    run("for n in A B C; do ip netns del $n 2>/dev/null || true; done");
  }

  /** Runs a script with the hosts' names put in; what it says, where it fails. */
  private static String run(String script) throws IOException, InterruptedException {
    String named = script;
    for (String[] host : new String[][] {{"A", A}, {"B", B}, {"C", C}}) {
      named = named.replaceAll("\\b" + host[0] + "\\b", host[1]);
    }
    Process shell = new ProcessBuilder("sh", "-c", named).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return shell.exitValue() == 0 ? "" : "status " + shell.exitValue() + ", " + said.strip();
  }

  @Test
  void broadcastsReachTheHostsOfTheNetworkOnRequest() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind4 b 8000");
      a.does("bind4 a 3000");
      assertThat(a.answer("send a 8000 255.255.255.255 early"))
          .isEqualTo("send EACCES 255.255.255.255:8000");
      assertThat(a.answer("send a 8000 10.77.1.255 early"))
          .isEqualTo("send EACCES 10.77.1.255:8000");
      a.does("broadcast a");
      a.does("send a 8000 255.255.255.255 limited");
      assertThat(b.line()).isEqualTo("b got limited from 10.77.1.1");
      a.does("send a 8000 10.77.2.255 directed");
      assertThat(b.line()).isEqualTo("b got directed from 10.77.2.1");
      b.does("send b 3000 10.77.1.1 answer");
      assertThat(a.line()).isEqualTo("a got answer from 10.77.1.2");
    }
  }

  @Test
  void aGroupIsHeardOnTheInterfaceWhereItWasJoined() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind4 b 8000").does("join b 224.0.1.100 10.77.1.2");
      a.does("bind4 a 3000").does("interface a 10.77.2.1");
      a.does("send a 8000 224.0.1.100 by-the-second").does("send a 8000 10.77.2.2 marker");
      assertThat(b.line()).isEqualTo("b got marker from 10.77.2.1");
      a.does("interface a 10.77.1.1").does("send a 8000 224.0.1.100 by-the-first");
      assertThat(b.line()).isEqualTo("b got by-the-first from 10.77.1.1");
      b.does("join b 224.0.1.100 10.77.2.2");
      a.does("interface a 10.77.2.1").does("send a 8000 224.0.1.100 by-both");
      assertThat(b.line()).isEqualTo("b got by-both from 10.77.2.1");
      b.does("leave b 224.0.1.100 10.77.2.2");
      a.does("send a 8000 224.0.1.100 no-more").does("send a 8000 10.77.2.2 marker");
      assertThat(b.line()).isEqualTo("b got marker from 10.77.2.1");
    }
  }

  @Test
  void withoutAnInterfaceTheRoutingTableChooses() throws Exception {
    try (Host a = Host.ours(A);
        Host c = Host.ours(C)) {
      c.does("bind4 c 8000").does("join c 224.0.1.100");
      a.does("bind4 a 3000").does("join a 224.0.1.100");
      c.does("send c 3000 10.77.1.1 there");
      assertThat(a.line()).isEqualTo("a got there from 10.77.3.3");
    }
  }

  /** Linux looks at hops of 0 only where a member is on the sender's host. */
  @Test
  void aGroupsHopsAreCounted() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind4 b 8000").does("join b 224.0.1.100 10.77.1.2");
      a.does("bind4 a 3000").does("join a 224.0.1.100 10.77.1.1").does("groupttl a 0");
      a.does("send a 8000 224.0.1.100 stays").does("send a 8000 10.77.1.2 marker");
      assertThat(b.line()).isEqualTo("b got marker from 10.77.1.1");
      a.does("groupttl a 1").does("send a 8000 224.0.1.100 goes");
      assertThat(b.line()).isEqualTo("b got goes from 10.77.1.1");
    }
  }

  @Test
  void hopsAreCounted() throws Exception {
    try (Host a = Host.ours(A);
        Host c = Host.ours(C)) {
      c.does("bind4 c 8000");
      a.does("bind4 a 3000").does("ttl a 1").does("send a 8000 10.77.3.3 too-short");
      a.does("ttl a 2").does("send a 8000 10.77.3.3 just-enough");
      assertThat(c.line()).isEqualTo("c got just-enough from 10.77.1.1");
    }
  }

  @Test
  void theOwnHostHearsAGroupUnlessItIsToldNotTo() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind4 b 8000").does("join b 224.0.1.100 10.77.1.2");
      a.does("bind4 member 8000").does("join member 224.0.1.100 10.77.1.1");
      a.does("bind4 a 3000").does("loopback a false").does("send a 8000 224.0.1.100 others");
      assertThat(b.line()).isEqualTo("b got others from 10.77.1.1");
      a.does("loopback a true");
      String sent = a.answer("send a 8000 224.0.1.100 all");
      assertThat(new String[] {sent, a.line()})
          .containsExactlyInAnyOrder("ok", "member got all from 10.77.1.1");
      assertThat(b.line()).isEqualTo("b got all from 10.77.1.1");
    }
  }

  @Test
  void aSourceSpecificMemberHearsItsSourceOnly() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind4 b 8000").does("joinsource b 10.77.1.1 232.1.1.1 10.77.1.2");
      a.does("bind4 wrong 3000 10.77.1.3").does("bind4 right 3001 10.77.1.1");
      a.does("interface wrong 10.77.1.3").does("interface right 10.77.1.1");
      a.does("send wrong 8000 232.1.1.1 wrong").does("send wrong 8000 10.77.1.2 marker");
      assertThat(b.line()).isEqualTo("b got marker from 10.77.1.3");
      a.does("send right 8000 232.1.1.1 right");
      assertThat(b.line()).isEqualTo("b got right from 10.77.1.1");
    }
  }

  /** The network's frames are too small for the system to split a row into them. */
  @Test
  void aRowThatCannotLeaveInOnePieceLeavesOneByOne() throws Exception {
    try (Host b = Host.ours(B);
        Host c = Host.ours(C)) {
      c.does("bind4 c 8000");
      b.does("bind4 b 3000");
      for (String row : new String[] {"abc", "de"}) {
        b.does("row b 8000 10.77.3.3 " + row);
        for (String letter : row.split("", -1)) {
          if (!letter.isEmpty()) {
            assertThat(c.line()).isEqualTo("c got " + letter.repeat(1000) + " from 10.77.3.2");
          }
        }
      }
    }
  }

  @Test
  void groupsOfIpv6() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind6 b 8000").does("join b ff05::abcd two1");
      b.does("joinsource b fd77:1::1 ff35::1234 ::%two1");
      a.does("bind6 a 3000 fd77:1::1").does("bind6 other 3001 fd77:2::1");
      a.does("interface a ::%one1").does("interface other ::%one2");
      a.does("send other 8000 ff05::abcd elsewhere").does("send a 8000 ff05::abcd here");
      assertThat(b.line()).isEqualTo("b got here from fd77:1::1");
      a.does("send a 8000 ff35::1234 source");
      assertThat(b.line()).isEqualTo("b got source from fd77:1::1");
    }
  }

  @Test
  void aLinksAddressHasItsZone() throws Exception {
    try (Host a = Host.ours(A);
        Host b = Host.ours(B)) {
      b.does("bind6 b 8000").does("join b ff02::abcd ::%two1");
      a.does("bind6 a 3000").does("interface a ::%one1").does("send a 8000 ff02::abcd link");
      String line = b.line();
      assertThat(line).startsWith("b got link from fe80::").endsWith("%two1");
      b.does("send b 3000 " + line.substring("b got link from ".length()) + " answer");
      assertThat(a.line()).startsWith("a got answer from fe80::").endsWith("%one1");
    }
  }

  @Test
  void nodeHearsUsAndWeHearNode() throws Exception {
    String script =
        """
        const s = require('dgram').createSocket('udp4');
        s.on('message', (m, r) => { console.log('node got ' + m); s.send('from node', 3000, r.address); });
        s.bind(8000, () => { s.addMembership('224.0.1.100', '10.77.1.2'); console.log('ok'); });
        """;
    try (Host a = Host.ours(A);
        Host b = Host.node(B, script)) {
      assertThat(b.line()).isEqualTo("ok");
      a.does("bind4 a 3000").does("broadcast a");
      for (String target : new String[] {"10.77.1.2", "10.77.1.255", "224.0.1.100"}) {
        a.does("send a 8000 " + target + " to-" + target);
        assertThat(b.line()).isEqualTo("node got to-" + target);
        assertThat(a.line()).isEqualTo("a got from node from 10.77.1.2");
      }
    }
  }

  @Test
  void noHostIsLeftBehind() throws Exception {
    assertThat(Files.exists(Path.of("/run/netns/" + A))).isTrue();
    removeHosts();
    assertThat(Files.exists(Path.of("/run/netns/" + A))).isFalse();
    assertThat(run(UP)).isEmpty();
  }
}
