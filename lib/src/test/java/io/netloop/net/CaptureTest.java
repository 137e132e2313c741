package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.CaptureFile;
import io.netloop.CaptureFile.Conversation;
import io.netloop.CaptureFile.Packet;
import io.netloop.Log;
import io.netloop.engine.CaptureAccess;
import io.netloop.engine.PacketFile;
import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Connections in a capture, read back from its file. */
class CaptureTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);

  @TempDir Path directory;
  private Path file;
  private Capture capture;
  private final List<TcpSocket> accepted = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    file = directory.resolve("test.pcap");
    capture = Capture.to(file);
  }

  @AfterEach
  void close() {
    capture.close().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private List<Packet> packets() {
    close();
    assertThat(capture.dropped()).isZero();
    return CaptureFile.read(file);
  }

  private List<Conversation> conversations() {
    return CaptureFile.conversations(packets());
  }

  private Conversation conversation() {
    List<Conversation> all = conversations();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** A server whose connections are captured, and then listened to. */
  private TcpServer captured(TcpOptions options, Consumer<TcpSocket> listener) {
    return listen(
        options,
        socket -> {
          accepted.add(socket.capture(capture));
          listener.accept(socket);
        });
  }

  private TcpServer captured(Consumer<TcpSocket> listener) {
    return captured(TcpOptions.defaults(), listener);
  }

  private TcpServer echo() {
    return captured(socket -> socket.onData(socket::write));
  }

  private void awaitClosed() {
    await().until(() -> !accepted.isEmpty() && accepted.stream().allMatch(TcpSocket::closed));
  }

  /** Says this and ends once as many bytes have come back; gives its own address, and those. */
  private HostPort sayAndEnd(TcpServer server, Buffer said) {
    AtomicLong left = new AtomicLong(said.length());
    CompletableFuture<HostPort> own = new CompletableFuture<>();
    TcpSocket client =
        connect(
            server,
            socket ->
                socket
                    .onConnect(() -> own.complete(socket.address()))
                    .onData(data -> {
                      if (left.addAndGet(-data.length()) == 0) {
                        socket.end();
                      }
                    })
                    .write(said));
    await().until(client::closed);
    awaitClosed();
    return own.join();
  }

  // What is in the file

  @Test
  void theServersSideIsWrittenWithTheTrueEndsAndBytes() {
    TcpServer server = captured(socket -> socket.onData(data -> socket.write("HELLO!")));
    HostPort client = sayAndEnd(server, Buffer.from("hello!"));

    Conversation talk = conversation();
    assertThat(talk.client).isEqualTo("127.0.0.1 " + client.port());
    assertThat(talk.server).isEqualTo("127.0.0.1 " + port(server));
    assertThat(talk.clientText()).isEqualTo("hello!");
    assertThat(talk.serverText()).isEqualTo("HELLO!");
    assertThat(talk.story())
        .containsExactly(
            "client syn", "server syn", "client data", "server data", "client fin", "server fin");
  }

  @Test
  void theClientsSideBeginsWithWhatWasWrittenBeforeTheConnectionWasThere() {
    TcpServer server =
        listen(socket -> socket.onData(data -> socket.end("that was " + data.length())));
    CompletableFuture<String> answered = new CompletableFuture<>();
    TcpSocket client =
        connect(
            server,
            socket -> {
              socket.write("one ");
              socket.capture(capture);
              socket.write("two");
              socket.onData(data -> answered.complete(data.toString()));
            });
    await().until(client::closed);

    Conversation talk = conversation();
    assertThat(talk.server).isEqualTo("127.0.0.1 " + port(server));
    assertThat(talk.clientText()).isEqualTo("one two");
    assertThat(talk.serverText()).isEqualTo(answered.join()).isEqualTo("that was 7");
    assertThat(talk.story())
        .containsExactly(
            "client syn", "server syn", "client data", "server data", "server fin", "client fin");
  }

  @Test
  void bothSidesOfAConnectionSayTheSame() {
    Capture others = Capture.to(directory.resolve("other.pcap"));
    TcpServer server = echo();
    TcpSocket client =
        connect(
            server, socket -> socket.capture(others).onData(data -> socket.end()).write("ping"));
    await().until(client::closed);
    awaitClosed();
    others.close().join();

    Conversation ours = conversation();
    Conversation theirs = CaptureFile.conversations(directory.resolve("other.pcap")).getFirst();
    assertThat(theirs.client).isEqualTo(ours.client);
    assertThat(theirs.server).isEqualTo(ours.server);
    assertThat(theirs.clientText()).isEqualTo(ours.clientText()).isEqualTo("ping");
    assertThat(theirs.serverText()).isEqualTo(ours.serverText()).isEqualTo("ping");
  }

  @Test
  void bytesThatWaitInTheQueueWhenItBeginsAreInTheFile() {
    TcpServer server = listen(socket -> socket.onData(data -> socket.end()));
    TcpSocket client =
        connect(
            server,
            socket -> {
              socket.write("before");
              socket.onConnect(() -> {
                socket.write(" and");
                socket.capture(capture);
                socket.write(" after");
              });
            });
    await().until(client::closed);

    assertThat(conversation().clientText()).isEqualTo("before and after");
  }

  @Test
  void aConnectionInItsMiddleIsWrittenFromThereOn() {
    TcpServer server =
        listen(socket -> {
          accepted.add(socket);
          socket.onData(data -> {
            if (data.toString().equals("second")) {
              socket.write("second too");
            } else {
              socket.write(Buffer.from("first too"), error -> socket.capture(capture));
            }
          });
        });
    TcpSocket client =
        connect(
            server,
            socket -> {
              socket.write("first");
              socket.onData(data -> {
                if (data.toString().equals("second too")) {
                  socket.end();
                }
              });
            });
    await().until(() -> client.bytesRead() == 9);
    settle();
    client.write("second");
    await().until(client::closed);
    awaitClosed();

    Conversation talk = conversation();
    assertThat(talk.clientText()).isEqualTo("second");
    assertThat(talk.serverText()).isEqualTo("second too");
    assertThat(talk.story()).startsWith("client syn", "server syn", "client data");
  }

  @Test
  void oneThatBeginsAfterThePeersEndSaysSo() {
    Path lateFile = directory.resolve("late.pcap");
    Capture late = Capture.to(lateFile);
    TcpServer server =
        captured(
            HALF_OPEN,
            socket -> {
              socket.resume();
              socket.onEnd(() -> {
                socket.capture(late);
                socket.end("late");
              });
            });
    TcpSocket client = connect(server, socket -> socket.end("all").resume());
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().story())
        .containsExactly("client syn", "server syn", "client data", "client fin");
    late.close().join();
    assertThat(CaptureFile.conversations(lateFile).getFirst().story())
        .containsExactly("client syn", "server syn", "client fin", "server data", "server fin");
  }

  @Test
  void theSameCaptureTwiceIsOneConversation() {
    TcpServer server =
        captured(socket -> {
          socket.capture(capture);
          socket.end("once");
        });
    TcpSocket client = connect(server, TcpSocket::resume);
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().serverText()).isEqualTo("once");
  }

  @Test
  void aSocketThatConnectsAgainIsOneMoreConversation() {
    TcpServer server = listen(socket -> socket.onData(socket::end));
    TcpSocket client =
        connect(server, socket -> socket.capture(capture).resume().write("the first"));
    await().until(client::closed);
    onLoop(() -> {
      client.connect(ConnectOptions.port(port(server)).withHost("127.0.0.1"));
      client.write("the second");
    });
    await().until(() -> client.closed() && client.bytesRead() == 10);

    assertThat(conversations())
        .map(Conversation::clientText)
        .containsExactly("the first", "the second");
  }

  @Test
  void manyConnectionsOfOneFileAreToldApart() {
    TcpServer server = echo();
    List<TcpSocket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = "I am number " + i;
      clients.add(connect(server, socket -> socket.onData(data -> socket.end()).write(text)));
    }
    await().until(() -> clients.stream().allMatch(TcpSocket::closed));
    await().until(() -> accepted.size() == 20);
    awaitClosed();

    assertThat(conversations())
        .hasSize(20)
        .allSatisfy(talk -> assertThat(talk.serverText()).isEqualTo(talk.clientText()))
        .map(Conversation::clientText)
        .doesNotHaveDuplicates();
  }

  // Addresses

  @Test
  void ipv6IsIpv6() {
    TcpServer server = listen(Net.createServer(), "::1");
    server.onConnection(socket -> closedLater(socket).capture(capture).end("six"));
    TcpSocket client =
        onLoop(() -> closedLater(Net.createConnection(port(server), "::1")).resume());
    await().until(client::closed);
    await().until(() -> server.connections() == 0);

    Conversation talk = conversation();
    assertThat(talk.server).isEqualTo("0:0:0:0:0:0:0:1 " + port(server));
    assertThat(talk.client).startsWith("0:0:0:0:0:0:0:1 ");
    assertThat(talk.serverText()).isEqualTo("six");
  }

  @Test
  void ipv4OnAServerOfBothFamiliesIsIpv4() {
    TcpServer server = listen(Net.createServer(), "::");
    server.onConnection(socket -> closedLater(socket).capture(capture).end("four"));
    TcpSocket client =
        onLoop(() -> closedLater(Net.createConnection(port(server), "127.0.0.1")).resume());
    await().until(client::closed);
    await().until(() -> server.connections() == 0);

    assertThat(conversation().server).isEqualTo("127.0.0.1 " + port(server));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void unixDomainSocketsHaveStandInsOnTheLoopback() {
    String path = directory.resolve("s").toString();
    TcpServer server =
        closedLater(
            Net.createServer(socket -> {
              accepted.add(closedLater(socket).capture(capture));
              socket.onData(data -> socket.end("not by IP"));
            }));
    server.listen(path);
    await().until(server::listening);
    for (int i = 0; i < 2; i++) {
      TcpSocket client =
          onLoop(() -> {
            TcpSocket socket = closedLater(Net.createConnection(path));
            socket.resume().write("hello");
            return socket;
          });
      await().until(client::closed);
    }
    awaitClosed();

    List<Conversation> talks = conversations();
    assertThat(talks).map(talk -> talk.server).containsOnly("127.0.0.1 1");
    assertThat(talks).map(talk -> talk.client).containsExactly("127.0.0.1 1024", "127.0.0.1 1025");
    assertThat(talks).allMatch(talk -> talk.serverText().equals("not by IP"));
  }

  // Much

  @Test
  void manyBytesAreSplitIntoWhatIpCanCarry() {
    Buffer much = bytes(2_000_000);
    sayAndEnd(echo(), much);

    List<Packet> packets = packets();
    assertThat(packets).allMatch(packet -> packet.bytes().length <= 65_495);
    Conversation talk = CaptureFile.conversations(packets).getFirst();
    assertThat(talk.saidByClient()).isEqualTo(much.toByteArray());
    assertThat(talk.saidByServer()).isEqualTo(much.toByteArray());
  }

  @Test
  void oneWriteOfManyBytesIsSplitToo() {
    Buffer much = bytes(1_000_000);
    TcpServer server = captured(socket -> socket.end(much));
    TcpSocket client = connect(server, TcpSocket::resume);
    await().until(client::closed);
    awaitClosed();

    List<Packet> packets = packets();
    assertThat(packets)
        .filteredOn(packet -> packet.bytes().length > 0)
        .hasSize(16)
        .filteredOn(packet -> packet.has(8))
        .describedAs("the last one pushes")
        .hasSize(1);
    Conversation talk = CaptureFile.conversations(packets).getFirst();
    assertThat(talk.saidByServer()).isEqualTo(much.toByteArray());
  }

  @Test
  void theNumbersOfBytesBeginAgainAtTheirEnd() {
    PacketFile packetFile = CaptureAccess.fileOf(capture);
    for (int stream = 0; stream < 67_108; stream++) {
      assertThat(packetFile.nextStream()).isEqualTo(stream);
    }
    Buffer much = bytes(200_000);
    sayAndEnd(echo(), much);

    List<Packet> packets = packets();
    assertThat(packets.getFirst().seq()).describedAs("just below the end").isBetween(-60_000, -1);
    assertThat(packets.getLast().seq()).isPositive();
    Conversation talk = CaptureFile.conversations(packets).getFirst();
    assertThat(talk.saidByClient()).isEqualTo(much.toByteArray());
    assertThat(talk.saidByServer()).isEqualTo(much.toByteArray());
    assertThat(CaptureFile.faults(file)).isEmpty();
  }

  @Test
  void bytesThatOnlyPassThroughAreThereBothWays() {
    Buffer much = bytes(3_000_000);
    sayAndEnd(captured(socket -> socket.pipe(socket)), much);

    Conversation talk = conversation();
    assertThat(talk.saidByClient()).isEqualTo(much.toByteArray());
    assertThat(talk.saidByServer()).isEqualTo(much.toByteArray());
  }

  @Test
  void bytesReadIntoAnArrayOfTheProgramsAreThere() {
    TcpServer server =
        captured(socket -> socket.onRead(new byte[4], (length, array) -> true).end("done"));
    TcpSocket client = connect(server, socket -> socket.resume().end("longer than the array"));
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().clientText()).isEqualTo("longer than the array");
  }

  // The end

  @Test
  void ourResetIsOne() {
    TcpServer server = captured(socket -> socket.onData(data -> socket.resetAndDestroy()));
    TcpSocket client = connect(server, socket -> socket.onError(error -> {}).write("go away"));
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().story())
        .containsExactly("client syn", "server syn", "client data", "server reset");
  }

  @Test
  void thePeersResetIsOne() {
    TcpServer server = captured(socket -> socket.onError(error -> {}).write("hello"));
    TcpSocket client = connect(server, socket -> socket.onData(data -> socket.resetAndDestroy()));
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().story())
        .containsExactly("client syn", "server syn", "server data", "client reset");
  }

  @Test
  void aDestroyedConnectionEndsOnOurSide() {
    TcpServer server = captured(socket -> socket.onData(data -> socket.destroy()));
    TcpSocket client = connect(server, socket -> socket.resume().write("bye"));
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().story())
        .containsExactly("client syn", "server syn", "client data", "server fin");
  }

  @Test
  void halfAConnectionGoesOnAfterTheFirstEnd() {
    TcpServer server =
        captured(
            HALF_OPEN,
            socket -> {
              socket.resume();
              socket.onEnd(() -> socket.end("I have heard you out"));
            });
    TcpSocket client = connect(server, HALF_OPEN, socket -> socket.resume().end("all I have"));
    await().until(client::closed);
    awaitClosed();

    assertThat(conversation().story())
        .containsExactly(
            "client syn", "server syn", "client data", "client fin", "server data", "server fin");
  }

  @Test
  void aConnectionThatNeverWasIsNotInTheFile() {
    TcpServer server = listen(socket -> {});
    int port = port(server);
    server.close();
    await().until(() -> !server.listening());
    TcpSocket client =
        onLoop(() ->
            closedLater(Net.createConnection(port, "127.0.0.1"))
                .capture(capture)
                .onError(error -> {}));
    await().until(client::closed);

    assertThat(packets()).isEmpty();
  }

  @Test
  void aConnectionOutlivesItsCapture() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    TcpServer server =
        captured(socket ->
            socket.onData(data -> {
              socket.write(data);
              capture.close().thenRun(() -> closed.complete(null));
            }));
    List<String> heard = new CopyOnWriteArrayList<>();
    TcpSocket client =
        connect(server, socket -> socket.onData(data -> heard.add(data.toString())).write("one "));
    closed.orTimeout(5, TimeUnit.SECONDS).join();
    await().until(() -> heard.contains("one "));
    client.write("two");
    await().until(() -> heard.contains("two"));

    assertThat(conversation().clientText()).isEqualTo("one ");
  }

  // A file that will not do, a disk that will not do

  @Test
  void whatCannotBeOpenedIsToldAtOnceInASentence() {
    Path missing = directory.resolve("no/such.pcap");
    assertThatThrownBy(() -> Capture.to(missing))
        .isInstanceOf(NetException.class)
        .hasMessage(
            "open ENOENT: no such file or directory "
                + missing
                + " (no capture can be written there)");
    assertThatThrownBy(() -> Capture.to(directory))
        .hasMessage(
            "open EISDIR: illegal operation on a directory "
                + directory
                + " (no capture can be written there)");
    assertThatThrownBy(() -> Capture.to(file.resolve("below")))
        .hasMessageStartingWith("open ENOTDIR: not a directory " + file);
  }

  @Test
  void itIsShownWithItsPath() {
    assertThat(capture).hasToString("Capture " + file);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskEndsTheCaptureAndNoConnection() {
    try (Log log = new Log(PacketFile.class)) {
      Capture full = Capture.to(Path.of("/dev/full"));
      TcpServer server =
          listen(socket -> {
            accepted.add(socket.capture(full));
            socket.onData(socket::write);
          });
      sayAndEnd(server, bytes(300_000));

      await().until(() -> !log.events().isEmpty());
      full.close().join();
      assertThat(full.dropped()).isPositive();
      assertThat(log.events()).hasSize(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskThatTakesNothingHoldsNoConnectionUp() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    // Open for writing too, a pipe can be opened before anybody writes to it.
    try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
        FileInputStream reader = new FileInputStream(both.getFD())) {
      Capture stuck = Capture.to(pipe, 500_000);
      TcpServer server =
          listen(socket -> {
            accepted.add(socket.capture(stuck));
            socket.onData(socket::write);
          });
      sayAndEnd(server, bytes(3_000_000));

      assertThat(stuck.dropped()).isPositive();
      CompletableFuture<?> over = stuck.close();
      byte[] some = new byte[65_536];
      long[] read = {0};
      await()
          .until(() -> {
            boolean last = over.isDone();
            while (reader.available() > 0) {
              read[0] += reader.read(some);
            }
            return last;
          });
      assertThat(read[0]).isBetween(400_000L, 600_000L);
    }
  }

  // Wireshark

  @Test
  void wiresharkReadsItAndFindsNoFault() {
    sayAndEnd(echo(), bytes(500_000));
    TcpSocket client =
        connect(echo(), HALF_OPEN, socket -> socket.onData(data -> socket.end()).write("short"));
    await().until(client::closed);
    awaitClosed();
    close();

    assertThat(CaptureFile.faults(file)).isEmpty();
    assertThat(CaptureFile.tshark(file, "-q", "-z", "follow,tcp,ascii,1"))
        .containsSubsequence("5", "short", "\t5", "short");
    assertThat(
            CaptureFile.tshark(
                file, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.checksum.status"))
        .containsOnly("1");
  }
}
