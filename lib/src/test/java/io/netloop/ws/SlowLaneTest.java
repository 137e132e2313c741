package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.ws.WebSocketServerOptions.SlowReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlowLaneTest {
  private static Publication publication(String topic, String text) {
    return new Publication(topic, PreparedMessage.of(Message.text(text)));
  }

  private static List<String> released(SlowLane lane) {
    List<String> texts = new ArrayList<>();
    lane.release(
        publication -> texts.add(publication.topic() + publication.prepared().message().text()));
    return texts;
  }

  @Test
  void handsOutInOrderWhatHasWaited() {
    SlowLane lane = new SlowLane(SlowReader.DROP_OLDEST, 100);
    assertThat(lane.isEmpty()).isTrue();
    assertThat(lane.add(publication("a", "1"))).isZero();
    assertThat(lane.add(publication("b", "2"))).isZero();
    assertThat(lane.add(publication("a", "3"))).isZero();
    assertThat(lane.isEmpty()).isFalse();

    assertThat(released(lane)).containsExactly("a1", "b2", "a3");
    assertThat(lane.isEmpty()).isTrue();
    assertThat(released(lane)).isEmpty();
  }

  @Test
  void dropsTheOldestPastItsLimitAndCountsThem() {
    SlowLane lane = new SlowLane(SlowReader.DROP_OLDEST, 10);
    int dropped = 0;
    for (int i = 0; i < 10; i++) {
      dropped += lane.add(publication("t", "==" + i));
    }
    assertThat(dropped).isEqualTo(7);
    assertThat(released(lane)).containsExactly("t==7", "t==8", "t==9");
  }

  @Test
  void keepsTheNewestHoweverLongItIs() {
    SlowLane lane = new SlowLane(SlowReader.DROP_OLDEST, 10);
    lane.add(publication("t", "a"));
    lane.add(publication("t", "b"));
    assertThat(lane.add(publication("t", "longer than ten"))).isEqualTo(2);
    assertThat(released(lane)).containsExactly("tlonger than ten");
  }

  @Test
  void keepsOfEachTopicTheNewest() {
    SlowLane lane = new SlowLane(SlowReader.KEEP_NEWEST, 1000);
    assertThat(lane.add(publication("a", "1"))).isZero();
    assertThat(lane.add(publication("b", "1"))).isZero();
    assertThat(lane.add(publication("a", "2"))).isEqualTo(1);
    assertThat(lane.add(publication("a", "3"))).isEqualTo(1);
    assertThat(lane.add(publication("c", "1"))).isZero();

    assertThat(released(lane)).containsExactly("b1", "a3", "c1");
  }

  @Test
  void boundsManyTopicsToo() {
    SlowLane lane = new SlowLane(SlowReader.KEEP_NEWEST, 10);
    int dropped = 0;
    for (int i = 0; i < 100; i++) {
      dropped += lane.add(publication("topic " + i, "five!"));
    }
    assertThat(dropped).isEqualTo(98);
    assertThat(released(lane)).containsExactly("topic 98five!", "topic 99five!");
  }

  @Test
  void countsAnewAfterARelease() {
    SlowLane lane = new SlowLane(SlowReader.DROP_OLDEST, 4);
    lane.add(publication("t", "four"));
    released(lane);
    assertThat(lane.add(publication("t", "more"))).isZero();
    assertThat(released(lane)).containsExactly("tmore");
  }

  @Test
  void boundsWhatNoByteCounts() {
    SlowLane lane = new SlowLane(SlowReader.DROP_OLDEST, 64 * 1024);
    int dropped = 0;
    for (int i = 0; i < 100_000; i++) {
      dropped += lane.add(publication("t", ""));
    }
    assertThat(dropped).isGreaterThan(90_000);
    assertThat(released(lane)).hasSizeLessThan(10_000).isNotEmpty();
  }
}
