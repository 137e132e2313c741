package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netloop.loop.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a message to many costs. */
final class RoomFanOutTest {
  private static final byte[] HELLO =
      "{\"type\":\"broadcast\",\"message\":\"hello\"}".getBytes(StandardCharsets.UTF_8);
  private static final RoomOptions FAST =
      RoomOptions.defaults().withBurst(1_000_000).withMessagesPerSecond(1_000_000);

  /** Takes the bytes as an adapter would, and keeps the last. */
  private static final class Sink implements Seat {
    Buffer last = Buffer.empty();
    int count;

    @Override
    public void send(Outgoing message, Style style) {
      last = message.line(style);
      count++;
    }

    @Override
    public void end(Ending how, String why) {}

    @Override
    public String label() {
      return "sink";
    }
  }

  @Test
  void givesTheSameBytesToAllOfAStyle() {
    Room room = new Room(FAST, () -> 0, Runnable::run);
    List<Sink> texts = new ArrayList<>();
    List<Sink> numbers = new ArrayList<>();
    Member speaker = login(room, new Sink(), "\"login\"", "speaker");
    for (int i = 0; i < 500; i++) {
      texts.add(new Sink());
      login(room, texts.getLast(), "\"login\"", "t" + i);
      numbers.add(new Sink());
      login(room, numbers.getLast(), "0", "n" + i);
    }
    speaker.receive(HELLO);
    assertThat(texts).allSatisfy(sink -> assertThat(sink.last).isSameAs(texts.getFirst().last));
    assertThat(numbers).allSatisfy(sink -> assertThat(sink.last).isSameAs(numbers.getFirst().last));
    assertThat(numbers.getFirst().last).isNotEqualTo(texts.getFirst().last);
  }

  @Test
  void allocatesNothingPerMember() {
    long few = bytesPerBroadcast(10);
    long many = bytesPerBroadcast(1010);
    // One byte for each of the thousand would be seen; what remains is the noise of the runtime.
    assertThat(many - few).isLessThan(1000);
  }

  /** The least that one broadcast allocated: the runtime's own allocations come and go. */
  private static long bytesPerBroadcast(int members) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Room room = new Room(FAST, () -> 0, Runnable::run);
    Sink sink = new Sink();
    Member speaker = login(room, sink, "\"login\"", "speaker");
    for (int i = 1; i < members; i++) {
      login(room, new Sink(), "\"login\"", "m" + i);
    }
    sink.count = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      speaker.receive(HELLO);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(sink.count).isEqualTo(200);
    return least;
  }

  private static Member login(Room room, Sink seat, String type, String name) {
    Member member = room.member(seat);
    member.enter();
    String json = "{\"type\":" + type + ",\"nickname\":\"" + name + "\"}";
    member.receive(json.getBytes(StandardCharsets.UTF_8));
    assertThat(member.isLoggedIn()).isTrue();
    return member;
  }
}
