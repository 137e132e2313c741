package io.netloop.dgram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.engine.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Groups, on the loopback interface; HostsTest has them across hosts. */
class GroupTest extends UdpTest {
  private static final String GROUP = "224.0.1.100";

  /** A socket that is bound to a free port of all addresses. */
  private UdpSocket wide(UdpOptions options, String name) {
    UdpSocket socket = socket(options, logged(name));
    socket.bind(0, () -> log.add(name + " listens"));
    awaitInLog(name + " listens");
    return socket;
  }

  private UdpSocket sender() {
    UdpSocket sender = bound();
    sender.setMulticastInterface(LOCALHOST);
    return sender;
  }

  @Test
  void membersHearTheGroupUntilTheyLeave() {
    UdpSocket member = wide(UdpOptions.udp4(), "member");
    UdpSocket sender = sender();
    member.addMembership(GROUP, LOCALHOST);
    sender.send("one", port(member), GROUP);
    awaitInLog("member: one");

    member.dropMembership(GROUP, LOCALHOST);
    sender.send("two", port(member), GROUP);
    sender.send("directly", port(member), LOCALHOST);
    awaitInLog("member: directly");
    assertThat(log).doesNotContain("member: two");
  }

  @Test
  void severalReceiversShareAPort() {
    UdpOptions options = UdpOptions.udp4().withReuseAddr(true);
    UdpSocket first = wide(options, "first");
    UdpSocket second = socket(options, logged("second"));
    second.bind(port(first), () -> log.add("second listens"));
    awaitInLog("second listens");
    first.addMembership(GROUP, LOCALHOST);
    second.addMembership(GROUP, LOCALHOST);
    sender().send("to both", port(first), GROUP);

    awaitInLog("first: to both");
    awaitInLog("second: to both");
  }

  @Test
  void joiningBindsAtOnce() {
    onLoop(() -> {
      UdpSocket socket = closedLater(Dgram.createSocket("udp4"));
      socket.onListening(() -> log.add("listening"));
      socket.addMembership(GROUP, LOCALHOST);
      log.add("bound to " + socket.address().host());
      log.add(thrown(socket::bind));
    });

    awaitLog("bound to 0.0.0.0", "ERR_SOCKET_ALREADY_BOUND Socket is already bound", "listening");
  }

  /** The loopback interface has no route for groups of IPv6: HostsTest sends to them. */
  @Test
  void groupsOfIpv6AreJoinedByTheInterface() {
    UdpSocket member = wide(UdpOptions.udp6(), "member");
    member.addMembership("ff02::abcd", "::%lo");

    assertThat(thrown(() -> member.addMembership("ff02::abcd", "lo")))
        .isEqualTo("EADDRINUSE addMembership EADDRINUSE");
    assertThat(thrown(() -> member.addMembership("ff02::abcd", "nope")))
        .isEqualTo("EINVAL addMembership EINVAL");
    assertThat(thrown(() -> member.addMembership(GROUP))).isEqualTo("EINVAL addMembership EINVAL");
    member.dropMembership("ff02::abcd", "1");
    assertThat(thrown(() -> member.dropMembership("ff02::abcd", "1")))
        .isEqualTo("EADDRNOTAVAIL dropMembership EADDRNOTAVAIL");
    member.addSourceSpecificMembership("::1", "ff35::1234", "lo");
    assertThat(thrown(() -> member.addSourceSpecificMembership("::1", "ff35::1234", "lo")))
        .isEqualTo("EADDRNOTAVAIL addSourceSpecificMembership EADDRNOTAVAIL");
    member.dropSourceSpecificMembership("::1", "ff35::1234", "lo");
  }

  @Test
  void wrongCallsAreRefused() {
    UdpSocket socket = bound();
    String missing = "ERR_MISSING_ARGS The \"multicastAddress\" argument must be specified";

    assertThat(thrown(() -> socket.addMembership(null))).isEqualTo(missing);
    assertThat(thrown(() -> socket.dropMembership(""))).isEqualTo(missing);
    socket.addMembership(GROUP, LOCALHOST);
    assertThat(thrown(() -> socket.addMembership(GROUP, LOCALHOST)))
        .isEqualTo("EADDRINUSE addMembership EADDRINUSE");
    for (String bad : new String[] {"10.0.0.1", "nonsense", "300.0.0.1"}) {
      assertThat(thrown(() -> socket.addMembership(bad, LOCALHOST)))
          .isEqualTo("EINVAL addMembership EINVAL");
    }
    assertThat(thrown(() -> socket.addMembership("ff02::1")))
        .isEqualTo("ENOPROTOOPT addMembership ENOPROTOOPT");
    assertThat(thrown(() -> socket.addMembership("224.0.1.101", "nonsense")))
        .isEqualTo("EINVAL addMembership EINVAL");
    assertThat(thrown(() -> socket.addMembership("224.0.1.101", "192.0.2.9")))
        .isEqualTo("ENODEV addMembership ENODEV");
    assertThat(thrown(() -> socket.dropMembership("224.0.1.9", LOCALHOST)))
        .isEqualTo("EADDRNOTAVAIL dropMembership EADDRNOTAVAIL");
    assertThat(thrown(() -> socket.dropMembership("nonsense")))
        .isEqualTo("EINVAL dropMembership EINVAL");
  }

  @Test
  void aSourceSpecificMemberHearsItsSourceOnly() {
    assumeTrue(Transport.chosen() != Transport.NIO || hasSourceFilters(), "NIO on this system");
    UdpSocket member = wide(UdpOptions.udp4(), "member");
    String group = "232.1.1.1";
    member.addSourceSpecificMembership("127.0.0.2", group, LOCALHOST);
    UdpSocket wrong = sender();
    UdpSocket right = socket();
    right.bind(0, "127.0.0.2", () -> log.add("right listens"));
    awaitInLog("right listens");
    right.setMulticastInterface(LOCALHOST);
    wrong.send("of the wrong", port(member), group);
    right.send("of the right", port(member), group);
    awaitInLog("member: of the right");
    assertThat(log).doesNotContain("member: of the wrong");

    assertThat(thrown(() -> member.addSourceSpecificMembership("127.0.0.2", group, LOCALHOST)))
        .isEqualTo("EADDRNOTAVAIL addSourceSpecificMembership EADDRNOTAVAIL");
    assertThat(thrown(() -> member.addSourceSpecificMembership("nonsense", group, LOCALHOST)))
        .isEqualTo("EINVAL addSourceSpecificMembership EINVAL");
    assertThat(thrown(() -> member.dropSourceSpecificMembership("127.0.0.3", group, LOCALHOST)))
        .isEqualTo("EADDRNOTAVAIL dropSourceSpecificMembership EADDRNOTAVAIL");
    member.dropSourceSpecificMembership("127.0.0.2", group, LOCALHOST);
  }

  /** Without a sender it would be a membership for all. */
  @Test
  void aSourceThatIsNoneIsRefused() {
    UdpSocket socket = bound();
    String source =
        "ERR_INVALID_ARG_TYPE The \"sourceAddress\" argument must be of type string. Received null";
    String group = source.replace("source", "group");

    assertThat(thrown(() -> socket.addSourceSpecificMembership(null, "232.1.1.1", LOCALHOST)))
        .isEqualTo(source);
    assertThat(thrown(() -> socket.dropSourceSpecificMembership(null, "232.1.1.1")))
        .isEqualTo(source);
    assertThat(thrown(() -> socket.addSourceSpecificMembership(LOCALHOST, null))).isEqualTo(group);
    assertThat(thrown(() -> socket.dropSourceSpecificMembership(LOCALHOST, null, LOCALHOST)))
        .isEqualTo(group);
    for (String[] empty : new String[][] {{"", "232.1.1.1"}, {LOCALHOST, ""}}) {
      assertThat(thrown(() -> socket.addSourceSpecificMembership(empty[0], empty[1], LOCALHOST)))
          .isEqualTo("EINVAL addSourceSpecificMembership EINVAL");
    }
    // It is a member of nothing.
    assertThat(thrown(() -> socket.dropMembership("232.1.1.1", LOCALHOST)))
        .isEqualTo("EADDRNOTAVAIL dropMembership EADDRNOTAVAIL");
  }

  @Test
  void whatOtherSocketsHaveJoinedIsNotHeard() {
    UdpOptions options = UdpOptions.udp4().withReuseAddr(true);
    UdpSocket member = wide(options, "member");
    UdpSocket other = socket(options, logged("other"));
    other.bind(port(member), () -> log.add("other listens"));
    awaitInLog("other listens");
    member.addMembership(GROUP, LOCALHOST);
    other.addMembership("224.0.1.101", LOCALHOST);
    UdpSocket sender = sender();
    sender.send("to the member", port(member), GROUP);
    sender.send("to the other", port(member), "224.0.1.101");

    awaitInLog("member: to the member");
    awaitInLog("other: to the other");
    assertThat(log).doesNotContain("other: to the member", "member: to the other");
  }

  @Test
  void closingLeavesAllGroups() throws Exception {
    Path memberships = Path.of("/proc/net/igmp");
    assumeTrue(Files.exists(memberships), "only Linux lists them");
    UdpSocket socket = bound();
    socket.addMembership("224.0.1.77", LOCALHOST);
    socket.addMembership("224.0.1.78", LOCALHOST);
    assertThat(Files.readString(memberships)).contains("4D0100E0", "4E0100E0");
    socket.close(() -> log.add("close"));
    awaitInLog("close");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(Files.readString(memberships)).doesNotContain("4D0100E0", "4E0100E0"));
  }

  private static boolean hasSourceFilters() {
    return System.getProperty("os.name").equals("Linux");
  }
}
