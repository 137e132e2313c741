package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.net.Net;
import io.netloop.net.TcpSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Many users on the library's own sockets, all on one loop. Between the words START and END, which
 * the first of them says, each notes how many bytes it hears and their check sum; the first, the
 * witness, notes the bytes. So it is enough to look at the witness's, and that all heard the same.
 */
final class Crowd implements AutoCloseable {
  private static final String START = "--start--";
  private static final String END = "--end--";

  /** Where the sender's name stands in a broadcast. */
  private static final int OWN_AT = "{\"type\":\"broadcast\",".length();

  private final int people;
  private final Loop loop = Loop.current();
  private final List<Hearer> hearers = new ArrayList<>();
  private final ByteArrayOutputStream testimony = new ByteArrayOutputStream();
  private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile boolean talking;
  private volatile long mostDirectBytes;

  Crowd(int port, int people) {
    this.people = people;
    loop.execute(() -> {
      for (int i = 0; i < people; i++) {
        hearers.add(new Hearer(port, i));
      }
    });
  }

  /** All log in at once, and so the room tells of many in one turn. */
  void logsIn() {
    House.until(() -> connected.get() == people);
    loop.execute(
        () -> hearers.forEach(hearer -> hearer.socket.write(Peer.login(hearer.name) + "\n")));
  }

  /** The talkers begin: each says its next message once it has heard its last. */
  void startTalk(int talkers, int messageBytes) {
    loop.execute(() -> hearers.getFirst().says(START));
    House.until(() -> started.get() == people);
    talking = true;
    loop.execute(
        () -> hearers.stream().limit(talkers).forEach(hearer -> hearer.talks(messageBytes)));
  }

  /** The talkers stop; returns once all have heard that. */
  void endTalk() {
    talking = false;
    House.until(() -> hearers.stream().noneMatch(hearer -> hearer.waitsForItsOwn));
    loop.execute(() -> hearers.getFirst().says(END));
    House.until(() -> ended.get() == people);
  }

  void hasHeardTheSame() {
    assertThat(troubles).isEmpty();
    Hearer witness = hearers.getFirst();
    assertThat(witness.heardBytes).isGreaterThan(1_000_000);
    for (Hearer hearer : hearers) {
      assertThat(hearer.heardBytes)
          .as("bytes that %s has heard", hearer.name)
          .isEqualTo(witness.heardBytes);
      assertThat(hearer.sum.getValue())
          .as("check sum of %s", hearer.name)
          .isEqualTo(witness.sum.getValue());
    }
  }

  /** Each talker's messages are there, in order, once. */
  void witnessHasHeardInOrder(int talkers) {
    Pattern form =
        Pattern.compile(
            "\\{\"type\":\"broadcast\",\"nickname\":\"u(\\d+)\",\"message\":\"(\\d+) x*\"\\}");
    int[] next = new int[talkers];
    int notices = 0;
    for (String line : testimony.toString(StandardCharsets.UTF_8).lines().toList()) {
      Matcher message = form.matcher(line);
      if (message.matches()) {
        int talker = Integer.parseInt(message.group(1));
        assertThat(Integer.parseInt(message.group(2)))
            .as(line.substring(0, 60))
            .isEqualTo(next[talker]++);
      } else if (line.contains("slow 离开了聊天室")) {
        notices++;
      } else {
        assertThat(line).contains(END);
      }
    }
    for (int i = 0; i < talkers; i++) {
      assertThat(next[i])
          .as("messages of talker %d", i)
          .isEqualTo(hearers.get(i).said)
          .isGreaterThan(10);
    }
    assertThat(notices).isEqualTo(1);
  }

  /** The most direct memory that Netty held while they talked. */
  long mostDirectBytes() {
    return mostDirectBytes;
  }

  @Override
  public void close() {
    loop.execute(() -> hearers.forEach(hearer -> hearer.socket.destroy()));
  }

  private final class Hearer {
    final String name;
    final TcpSocket socket;
    final CRC32C sum = new CRC32C();
    private final byte[] tail = new byte[64];
    private int tailLength;
    private final StringBuilder line = new StringBuilder();
    private int messageBytes;
    volatile long heardBytes; // only the loop writes these
    volatile int said;
    volatile boolean waitsForItsOwn;
    private boolean hasStarted;

    Hearer(int port, int number) {
      name = "u" + number;
      socket = Net.createConnection(port, "127.0.0.1");
      socket.onConnect(connected::incrementAndGet);
      socket.onError(error -> troubles.add(name + ": " + error));
      socket.onEnd(() -> troubles.add(name + " was ended"));
      socket.onData(this::hears);
    }

    void says(String message) {
      socket.write(Peer.broadcast(message) + "\n");
    }

    void talks(int size) {
      messageBytes = size;
      saysNext();
    }

    private void saysNext() {
      waitsForItsOwn = talking;
      if (talking) {
        int number = said;
        said = number + 1;
        says(number + " " + "x".repeat(messageBytes));
      }
    }

    private void hears(Buffer data) {
      byte[] heard = data.toByteArray();
      if (hasStarted) {
        notes(heard);
      }
      keepTail(heard);
      String end = new String(tail, 0, tailLength, StandardCharsets.ISO_8859_1);
      if (!hasStarted && end.endsWith("\"" + START + "\"}\n")) {
        hasStarted = true;
        started.incrementAndGet();
      } else if (end.endsWith("\"" + END + "\"}\n")) {
        ended.incrementAndGet();
      } else if (messageBytes > 0) {
        looksForItsOwn(heard);
      }
    }

    private void notes(byte[] heard) {
      sum.update(heard);
      long all = heardBytes + heard.length;
      heardBytes = all;
      if (this == hearers.getFirst()) {
        testimony.writeBytes(heard);
        mostDirectBytes = Math.max(mostDirectBytes, ChatLoadTest.direct());
      }
    }

    private void keepTail(byte[] heard) {
      int more = Math.min(heard.length, tail.length);
      int kept = Math.min(tailLength, tail.length - more);
      System.arraycopy(tail, tailLength - kept, tail, 0, kept);
      System.arraycopy(heard, heard.length - more, tail, kept, more);
      tailLength = kept + more;
    }

    private void looksForItsOwn(byte[] heard) {
      line.append(new String(heard, StandardCharsets.ISO_8859_1));
      int begin = 0;
      for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n", begin)) {
        if (line.indexOf("\"nickname\":\"" + name + "\"", begin) == begin + OWN_AT) {
          saysNext();
        }
        begin = end + 1;
      }
      line.delete(0, begin);
    }
  }
}
