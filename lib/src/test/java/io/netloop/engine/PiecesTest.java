package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The row of pieces that wait to be sent. */
class PiecesTest {
  private final Pieces pieces = new Pieces();

  @Test
  void gathersInOrderAsMuchAsThereIsRoomForAndTakesNothingOut() {
    add("abc");
    add("defg");
    add("h");

    assertThat(gathered(100)).isEqualTo("abcdefgh");
    assertThat(gathered(5)).isEqualTo("abcde");
    assertThat(gathered(0)).isEmpty();
    assertThat(pieces.size()).isEqualTo(3);
  }

  @Test
  void aPieceIsThePartOfItsArrayThatWasNamed() {
    pieces.add(bytes("...abc..."), 3, 6);

    assertThat(gathered(100)).isEqualTo("abc");
  }

  @Test
  void theLastMayBeCopiedForItsArrayToBeUsedAgain() {
    add("abc");
    byte[] shared = bytes("...defg...");
    pieces.add(shared, 3, 7);
    pieces.take(4);
    pieces.copyLast();
    shared[5] = '#';

    assertThat(gathered(100)).isEqualTo("efg");
    pieces.take(2);
    assertThat(gathered(100)).isEqualTo("g");
  }

  @Test
  void showsWhatWaitsAndTakesNothingOut() {
    pieces.add(bytes("...abc..."), 3, 6);
    add("defg");
    pieces.take(1);

    assertThat(pieces.views())
        .map(view -> view.toString(StandardCharsets.UTF_8))
        .containsExactly("bc", "defg");
    assertThat(gathered(100)).isEqualTo("bcdefg");
    pieces.clear();
    assertThat(pieces.views()).isEmpty();
  }

  @Test
  void takesPartsOfPiecesAndWholeOnes() {
    add("abc");
    add("defg");
    pieces.take(2);
    assertThat(gathered(100)).isEqualTo("cdefg");
    assertThat(pieces.size()).isEqualTo(2);
    pieces.take(1);
    assertThat(pieces.size()).isEqualTo(1);
    pieces.take(4);

    assertThat(pieces.size()).isZero();
    assertThat(gathered(100)).isEmpty();
  }

  @Test
  void keepsTheOrderWhileItGrowsAndTurns() {
    Random random = new Random(11);
    StringBuilder model = new StringBuilder();
    for (int round = 0; round < 5_000; round++) {
      if (random.nextInt(5) > 1) {
        String text = Integer.toString(random.nextInt(1 << 30)).substring(0, 1);
        add(text);
        model.append(text);
      } else {
        int taken = random.nextInt(Math.min(4, model.length() + 1));
        pieces.take(taken);
        model.delete(0, taken);
      }
      assertThat(pieces.size()).isEqualTo(model.length());
      assertThat(gathered(8)).isEqualTo(model.substring(0, Math.min(8, model.length())));
    }

    assertThat(gathered(model.length() + 1)).isEqualTo(model.toString());
  }

  @Test
  void isAsNewAfterClearAndAfterTrim() {
    for (int i = 0; i < 200; i++) {
      add("x");
    }
    pieces.trim();
    assertThat(pieces.size()).isEqualTo(200);
    pieces.take(200);
    pieces.trim();
    add("y");
    assertThat(gathered(10)).isEqualTo("y");
    pieces.clear();
    assertThat(pieces.size()).isZero();
    add("z");

    assertThat(gathered(10)).isEqualTo("z");
  }

  private void add(String text) {
    pieces.add(bytes(text), 0, text.length());
  }

  private String gathered(int room) {
    ByteBuf chunk = Unpooled.buffer();
    return pieces.gather(chunk, room).toString(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
