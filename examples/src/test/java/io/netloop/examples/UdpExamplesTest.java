package io.netloop.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each pair of the course's section on UDP, its server and its client in Node or here: what they
 * print is the same in every combination. Broadcasts and groups stay on the loopback interface.
 */
final class UdpExamplesTest {
  private static final String PRELUDE =
      """
      const dgram = require('dgram')
      const socket = dgram.createSocket('udp4')
      const name = 'NAME'
      socket.on('message', (msg, remoteInfo) => {
        console.log(`${name} got ${msg} from ${remoteInfo.address}:${remoteInfo.port}`)
        if (name === 'server') socket.send('world', remoteInfo.port, remoteInfo.address)
      })
      socket.on('error', err => { console.log(`${name} error`, err) })
      const running = () => console.log(`${name} running ${socket.address().address}:${socket.address().port}`)
      """;

  private final int serverPort = freePort();
  private final int clientPort = freePort();

  /** A port that was free a moment ago. */
  private static int freePort() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Program ours(String name, String... replacements) throws IOException {
    String source = Files.readString(Program.ROOT.resolve("examples").resolve(name + ".java"));
    source = onOurPorts(source).replaceAll("\\b2000\\b", "200");
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(source).contains(replacements[i]);
      source = source.replace(replacements[i], replacements[i + 1]);
    }
    return Program.source(name, source);
  }

  private Program node(String name, String rest) throws IOException {
    return Program.node("Node's " + name, onOurPorts(PRELUDE.replace("NAME", name) + rest));
  }

  /** As whole numbers, for a port that was chosen may have one of theirs in it. */
  private String onOurPorts(String source) {
    return source
        .replaceAll("\\b3000\\b", "" + serverPort)
        .replaceAll("\\b8000\\b", "" + clientPort);
  }

  private Program unicastServer(boolean ours) throws IOException {
    Program server =
        ours
            ? ours("UdpServer")
            : node("server", "socket.on('listening', running); socket.bind(3000)");
    return server.printsLine("server running 0.0.0.0:" + serverPort);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void unicast(boolean serverIsOurs, boolean clientIsOurs) throws Exception {
    String script =
        "socket.on('listening', () => { running(); socket.send('hello', 3000, 'localhost') }); socket.bind(8000)";
    try (Program server = unicastServer(serverIsOurs);
        Program client = clientIsOurs ? ours("UdpClient") : node("client", script)) {
      client.printsLine("client got world from 127.0.0.1:" + serverPort);
      server.printsLine("server got hello from 127.0.0.1:" + clientPort);
      assertThat(client.lines())
          .containsExactly(
              "client running 0.0.0.0:" + clientPort,
              "client got world from 127.0.0.1:" + serverPort);
      assertThat(server.lines())
          .containsExactly(
              "server running 0.0.0.0:" + serverPort,
              "server got hello from 127.0.0.1:" + clientPort);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void unicastWithoutBind(boolean serverIsOurs, boolean clientIsOurs) throws Exception {
    String script = "socket.send('hello', 3000, 'localhost'); socket.on('listening', running)";
    try (Program server = unicastServer(serverIsOurs);
        Program client = clientIsOurs ? ours("UdpClientWithoutBind") : node("client", script)) {
      client.printsLine("client got world from 127.0.0.1:" + serverPort);
      client.printsLine("client running 0.0.0.0:");
      server.printsLine("server got hello from 127.0.0.1:");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void broadcast(boolean serverIsOurs, boolean clientIsOurs) throws Exception {
    String serverScript =
        """
        socket.on('listening', () => {
          running()
          socket.setBroadcast(true)
          socket.send('hello', 8000, '127.255.255.255')
          setInterval(() => socket.send('hello', 8000, '127.255.255.255'), 200)
        })
        socket.bind(3000)
        """;
    try (Program server =
            serverIsOurs
                ? ours(
                    "BroadcastServer",
                    "255.255.255.255",
                    "127.255.255.255",
                    "192.168.10.255",
                    "127.255.255.255")
                : node("server", serverScript);
        Program client =
            clientIsOurs ? ours("BroadcastClient") : node("client", "socket.bind(8000)")) {
      server.printsLine("server running 0.0.0.0:" + serverPort);
      client.printsLine("client got hello from 127.0.0.1:" + serverPort);
      assertThat(client.lines()).containsOnly("client got hello from 127.0.0.1:" + serverPort);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void multicast(boolean serverIsOurs, boolean clientIsOurs) throws Exception {
    String serverScript =
        """
        socket.on('listening', () => {
          socket.setMulticastInterface('127.0.0.1')
          setInterval(() => socket.send('hello', 8000, '224.0.1.100'), 200)
        })
        socket.bind(3000)
        """;
    String clientScript =
        "socket.on('listening', () => { running(); socket.addMembership('224.0.1.100', '127.0.0.1') }); socket.bind(8000)";
    try (Program server =
            serverIsOurs
                ? ours(
                    "MulticastServer",
                    "server.onError",
                    "server.onListening(() -> server.setMulticastInterface(\"127.0.0.1\"));\n  server.onError")
                : node("server", serverScript);
        Program client =
            clientIsOurs
                ? ours("MulticastClient", "\"224.0.1.100\"", "\"224.0.1.100\", \"127.0.0.1\"")
                : node("client", clientScript)) {
      client.printsLine("client got hello from ");
      assertThat(client.lines().getFirst()).isEqualTo("client running 0.0.0.0:" + clientPort);
      assertThat(client.lines().get(1)).matches("client got hello from [0-9.]+:" + serverPort);
      assertThat(server.lines()).isEmpty();
    }
  }

  @Test
  void aTakenPortIsPrintedWithWhoHoldsIt() throws Exception {
    try (Program first = unicastServer(true);
        Program second = ours("UdpServer")) {
      second.prints("bind EADDRINUSE 0.0.0.0:" + serverPort + " (held by java, pid ");
      assertThat(first.lines()).hasSize(1);
    }
  }
}
