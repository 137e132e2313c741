package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs that meet a system which others have made ready: each is a JVM of its own. */
@Tag("once")
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SystemTest {
  @TempDir Path directory;

  /** Connects to an address that never answers, in a network where the system soon gives up. */
  static final class IntoTheVoid {
    public static void main(String... arguments) {
      Net.createConnection(80, "192.0.2.1")
          .onError(SystemTest::print)
          .onClose(cause -> System.out.println(cause));
    }
  }

  @Test
  void whoNeverAnswersIsGivenUpByTheSystem() {
    List<String> network = List.of("unshare", "--net", "sh", "-ec");
    String setUp =
        "ip link set lo up; ip route add 192.0.2.0/24 dev lo;"
            + " echo 1 > /proc/sys/net/ipv4/tcp_syn_retries; exec \"$@\"";
    assumeTrue(
        works(with(network, setUp, "sh", "true")),
        "a network of one's own takes root, unshare and ip");

    assertThat(run(with(with(network, setUp, "sh"), Jvm.command(IntoTheVoid.class))))
        .endsWith(
            "connect ETIMEDOUT 192.0.2.1:80 -110",
            "ended by the network: ETIMEDOUT (connect ETIMEDOUT 192.0.2.1:80)",
            "exit 0");
  }

  /** Serves a link-local address, connects to it and to zones and addresses that are none. */
  static final class Zones {
    public static void main(String... arguments) {
      TcpServer server = Net.createServer();
      server.onConnection(socket -> {
        System.out.println("from " + socket.remoteAddress() + " at " + socket.localAddress());
        server.close();
        socket.end();
      });
      server.listen(
          0,
          "fe80::1%lo",
          () -> {
            HostPort at = server.address();
            System.out.println("listening " + at.host());
            Net.createConnection(at.port(), at.host())
                .onConnectionAttempt(tried -> System.out.println("to " + tried.host()))
                .onClose(cause -> fail(ConnectOptions.port(1).withHost("fe80::1%lo")))
                .resume();
          });
    }

    private static void fail(ConnectOptions refused) {
      Net.createConnection(refused)
          .onError(SystemTest::print)
          .onClose(cause ->
              Net.createConnection(refused.withHost("fe80::1%none"))
                  .onError(SystemTest::print)
                  .onClose(last ->
                      Net.createServer().onError(SystemTest::print).listen(1, "fe80::1%none")));
    }
  }

  @Test
  void anAddressKeepsItsZone() {
    List<String> network = List.of("unshare", "--net", "sh", "-ec");
    String setUp = "ip link set lo up; ip addr add fe80::1/64 dev lo nodad; exec \"$@\"";
    assumeTrue(
        works(with(network, setUp, "sh", "true")),
        "a network of one's own takes root, unshare and ip");

    assertThat(run(with(with(network, setUp, "sh"), Jvm.command(Zones.class))))
        .filteredOn(line -> !line.contains("WARN"))
        .containsExactlyInAnyOrder(
            "listening fe80::1%lo",
            "to fe80::1%lo",
            "from fe80::1%lo at fe80::1%lo",
            "connect ECONNREFUSED fe80::1%lo:1 -111",
            "connect EINVAL fe80::1%none:1 -22",
            "listen EINVAL: invalid argument fe80::1%none:1 -22",
            "exit 0");
  }

  /** Listens on a port that takes a right. */
  static final class LowPort {
    public static void main(String... arguments) {
      Net.createServer().onError(SystemTest::print).listen(80, "127.0.0.1");
    }
  }

  @Test
  void aLowPortTakesARight() throws Exception {
    Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    assumeTrue(
        Files.exists(first) && Integer.parseInt(Files.readAllLines(first).getFirst()) > 80,
        "here everybody may listen on port 80");
    List<String> without =
        System.getProperty("user.name").equals("root")
            ? List.of("setpriv", "--bounding-set", "-net_bind_service")
            : List.of("env");
    assumeTrue(works(with(without, "true")), "setpriv takes the right away from root");

    assertThat(run(with(without, Jvm.command(LowPort.class))))
        .containsExactly("listen EACCES: permission denied 127.0.0.1:80 -13", "exit 0");
  }

  /** Serves one connection on the descriptor that it was started with. */
  static final class Adopts {
    public static void main(String... arguments) {
      Inherited inherited = Net.inheritedDescriptors().getFirst();
      TcpServer server = Net.createServer();
      server.onConnection(socket -> {
        server.close();
        socket.end("adopted " + inherited.name());
      });
      server.onError(SystemTest::print);
      server.listen(
          ListenOptions.fd(inherited.fd()),
          () -> System.out.println("listening " + server.address().host()));
    }
  }

  /** Listens, as systemd would, and hands the descriptor over. */
  private static final String GIVES =
      """
      const [where, other, ...command] = process.argv.slice(1);
      const a = require('net').createServer().listen(where === '0' ? 0 : where, '127.0.0.1', () => {
        if (where !== '0') require('fs').linkSync(where, other);
        console.log(where === '0' ? a.address().port : other);
        require('child_process').spawn(
            'sh', ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', ...command],
            {stdio: ['ignore', 'inherit', 'inherit', a._handle.fd],
             env: {...process.env, LISTEN_FDS: '1', LISTEN_FDNAMES: 'web'}});
        a.close();
      });
      """;

  @Test
  void servesOnADescriptorThatItWasGiven() throws Exception {
    try (Peer peer = gives("0", "")) {
      int port = Integer.parseInt(peer.line());
      assertThat(peer.line()).isEqualTo("listening 127.0.0.1");

      try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("adopted web");
      }
      assertThat(peer.rest()).isEmpty();
    }
  }

  @Test
  void servesOnADescriptorOfAUnixDomainSocketToo() throws Exception {
    String path = directory.resolve("s").toString();
    // Node removes the path that it has listened on, and not its other name.
    try (Peer peer = gives(path, path + "2")) {
      String other = peer.line();
      assertThat(peer.line()).isEqualTo("listening " + path);

      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(other))) {
        assertThat(
                new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("adopted web");
      }
      assertThat(peer.rest()).isEmpty();
    }
  }

  private static Peer gives(String where, String other) {
    List<String> arguments = with(List.of(where, other), Jvm.command(Adopts.class));
    return Peer.node(GIVES, arguments.toArray());
  }

  private static void print(NetException error) {
    System.out.println(error.getMessage() + " " + error.errno());
  }

  private static List<String> with(List<String> command, String... more) {
    return with(command, List.of(more));
  }

  private static List<String> with(List<String> command, List<String> more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(more);
    return all;
  }

  private static boolean works(List<String> command) {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> run(List<String> command) {
    try (Peer peer = Peer.of(command.toArray(new String[0]))) {
      List<String> lines = new ArrayList<>(peer.rest());
      lines.add("exit " + peer.exit().orTimeout(10, TimeUnit.SECONDS).join());
      return lines;
    }
  }
}
