package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.CaptureFile;
import io.netloop.CaptureFile.Packet;
import io.netloop.Log;
import io.netloop.NothingLeaks;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The queue, its thread, and a disk that is slow or full. */
@ExtendWith(NothingLeaks.class)
class PacketFileTest {
  private static final long PLENTY = 1 << 20;
  private static final PacketRoute ROUTE =
      new PacketRoute(new byte[] {10, 0, 0, 1}, 1, new byte[] {10, 0, 0, 2}, 2);

  @TempDir Path directory;

  private static PacketFile open(Path path, long maxQueued) throws IOException {
    return PacketFile.open(path, maxQueued, Clock.SYSTEM);
  }

  private static void say(PacketFile file, String text) {
    ROUTE.udp(file, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
  }

  private static void close(PacketFile file) {
    file.close().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private Path pipe() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  @Test
  void aFileWithoutPacketsHasItsHeader() throws Exception {
    Path path = directory.resolve("empty.pcap");
    close(open(path, PLENTY));

    assertThat(path).hasSize(24);
    assertThat(CaptureFile.read(path)).isEmpty();
  }

  @Test
  void packetsStandInTheOrderInWhichTheyCame() throws Exception {
    Path path = directory.resolve("a.pcap");
    PacketFile file = open(path, PLENTY);
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      said.add("packet " + i);
      say(file, "packet " + i);
    }
    close(file);

    assertThat(CaptureFile.read(path)).map(Packet::text).isEqualTo(said);
    assertThat(file.dropped()).isZero();
  }

  @Test
  void packetsAreInTheFileSoonAndNotOnlyAtItsEnd() throws Exception {
    Path path = directory.resolve("a.pcap");
    PacketFile file = open(path, PLENTY);
    say(file, "now");

    await().until(() -> Files.size(path) == 24 + 16 + 28 + 3);
    assertThat(CaptureFile.read(path)).map(Packet::text).containsExactly("now");
    close(file);
  }

  @Test
  void packetsOfManyThreadsStayWhole() throws Exception {
    Path path = directory.resolve("a.pcap");
    PacketFile file = open(path, PLENTY);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String text = String.valueOf((char) ('a' + t)).repeat(500);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 200; i++) {
                  say(file, text);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    close(file);

    assertThat(CaptureFile.read(path))
        .hasSize(800)
        .allSatisfy(packet -> assertThat(packet.text()).matches("a{500}|b{500}|c{500}|d{500}"));
  }

  @Test
  void timesAreOfTheWallClockAndCountOnInNanoseconds() throws Exception {
    AtomicLong nanos = new AtomicLong(-7);
    Clock clock =
        new Clock() {
          @Override
          public long nanoTime() {
            return nanos.get();
          }

          @Override
          public long epochMillis() {
            return 1_700_000_000_123L;
          }
        };
    Path path = directory.resolve("a.pcap");
    PacketFile file = PacketFile.open(path, PLENTY, clock);
    say(file, "first");
    nanos.addAndGet(1_900_000_001L);
    say(file, "second");
    close(file);

    assertThat(CaptureFile.read(path))
        .map(Packet::nanos)
        .containsExactly(1_700_000_000_123_000_000L, 1_700_000_002_023_000_001L);
  }

  @Test
  void aFileThatExistsIsEmptied() throws Exception {
    Path path = Files.write(directory.resolve("old.pcap"), new byte[5000]);
    close(open(path, PLENTY));

    assertThat(path).hasSize(24);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aNewFileIsItsOwnersOnly() throws Exception {
    Path path = directory.resolve("secret.pcap");
    close(open(path, PLENTY));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatCannotBeOpenedFailsAtOnce() {
    assertThatThrownBy(() -> open(directory.resolve("no/such/file"), PLENTY))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void afterCloseNothingIsTakenAndNothingCounted() throws Exception {
    Path path = directory.resolve("a.pcap");
    PacketFile file = open(path, PLENTY);
    say(file, "before");
    close(file);
    say(file, "after");
    close(file);

    assertThat(CaptureFile.read(path)).map(Packet::text).containsExactly("before");
    assertThat(file.dropped()).isZero();
  }

  @Test
  void whatIsQueuedAtCloseIsWrittenAll() throws Exception {
    Path path = directory.resolve("a.pcap");
    PacketFile file = open(path, 64 << 20);
    for (int i = 0; i < 500; i++) {
      say(file, "x".repeat(60_000));
    }
    close(file);

    assertThat(CaptureFile.read(path)).hasSize(500);
  }

  @Test
  void aFileThatIsOpenKeepsNoProgramAliveOnceAllIsWritten() throws Exception {
    int before = ProcessLife.open();
    PacketFile file = open(directory.resolve("a.pcap"), PLENTY);
    say(file, "something");

    await().untilAsserted(() -> assertThat(ProcessLife.open()).isEqualTo(before));
    close(file);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskThatDoesNotTakeItHasTheRestDroppedAndCounted() throws Exception {
    Path path = pipe();
    int before = ProcessLife.open();
    // For reading and writing: opening waits for nobody, and nothing is read as yet.
    try (RandomAccessFile reader = new RandomAccessFile(path.toFile(), "rw")) {
      PacketFile file = open(path, 200_000);
      int sent = 2000;
      for (int i = 0; i < sent; i++) {
        say(file, "%04d".formatted(i).repeat(250));
      }
      long dropped = file.dropped();
      // What the pipe holds, what is being written, and what is in the queue.
      long most = (65_536 + 200_000) / 1000;
      assertThat(dropped).isBetween(sent - most, sent - 100L);
      assertThat(ProcessLife.open()).describedAs("what waits counts").isEqualTo(before + 1);

      var closed = file.close();
      assertThat(closed).isNotDone();
      byte[] all = new byte[24 + (sent - (int) dropped) * (16 + 28 + 1000)];
      reader.readFully(all);

      closed.orTimeout(5, TimeUnit.SECONDS).join();
      List<Packet> packets = CaptureFile.read(all);
      assertThat(packets).hasSize(sent - (int) dropped);
      assertThat(packets.getFirst().text()).startsWith("0000");
      assertThat(packets).map(Packet::text).isSorted().doesNotHaveDuplicates();
      assertThat(file.dropped()).isEqualTo(dropped);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shortPacketsAreBoundedByWhatTheyCost() throws Exception {
    try (RandomAccessFile reader = new RandomAccessFile(pipe().toFile(), "rw")) {
      PacketFile file = open(directory.resolve("pipe"), 100_000);
      for (int i = 0; i < 10_000; i++) {
        say(file, "");
      }
      long most = 65_536 / 44 + 100_000 / (44 + 64);
      assertThat(10_000 - file.dropped()).isBetween(900L, most);

      var closed = file.close();
      reader.readFully(new byte[24 + (10_000 - (int) file.dropped()) * 44]);
      closed.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskEndsTheFileWithOneLineInTheLog() throws Exception {
    try (Log log = new Log(PacketFile.class)) {
      PacketFile file = open(Path.of("/dev/full"), PLENTY);
      await().until(() -> log.events().size() == 1);
      say(file, "one");
      say(file, "two");
      close(file);

      assertThat(file.dropped()).isEqualTo(2);
      assertThat(log.events())
          .singleElement()
          .hasToString(
              "[WARN] The capture in /dev/full ends here, for it cannot be written: No space left on"
                  + " device. The connections go on.");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskThatBecomesFullKeepsThePacketsThatAreThereWhole() throws Exception {
    List<String> command =
        List.of(
            "sh",
            "-c",
            // Files of 100 blocks of 512 bytes at most, as if the disk ended there.
            "ulimit -f 100; trap '' XFSZ; exec \"$@\"",
            "sh",
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "--sun-misc-unsafe-memory-access=allow",
            Filling.class.getName(),
            directory.resolve("cut.pcap").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();

    assertThat(process.waitFor()).describedAs(out.toString()).isZero();
    List<Packet> packets = CaptureFile.read(directory.resolve("cut.pcap"));
    assertThat(packets).hasSizeBetween(1, 51);
    assertThat(out.getLast()).isEqualTo("dropped " + (100 - packets.size()));
    assertThat(out).filteredOn(line -> line.contains("The connections go on.")).hasSize(1);
  }

  /** Writes more, packet by packet, than its files may have. */
  static final class Filling {
    public static void main(String... arguments) throws Exception {
      PacketFile file = open(Path.of(arguments[0]), PLENTY);
      byte[] thousand = new byte[1000];
      Arrays.fill(thousand, (byte) 'x');
      for (int i = 0; i < 100; i++) {
        ROUTE.udp(file, Unpooled.wrappedBuffer(thousand));
        while (ProcessLife.open() > 0) {
          Thread.onSpinWait();
        }
      }
      close(file);
      System.out.println("dropped " + file.dropped());
    }
  }
}
