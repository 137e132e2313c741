package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);
  private static final int TEXT = FrameWriter.FIN | FrameReader.TEXT;

  /** Always the key of the standard's example. */
  private static final RandomGenerator ONE_KEY =
      new RandomGenerator() {
        @Override
        public int nextInt() {
          return 0x3d21fa37;
        }

        @Override
        public long nextLong() {
          throw new AssertionError("a key has four bytes");
        }
      };

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000})
  void writesEveryLengthInItsShortestForm(int length) {
    byte[] payload = bytes(length);
    FrameWriter server = new FrameWriter(null);
    FrameWriter client = new FrameWriter(ONE_KEY);
    server.put(TEXT, Buffer.from(payload));
    client.put(TEXT, Buffer.from(payload));

    assertThat(server.take().toByteArray()).isEqualTo(Frames.plain(TEXT, payload));
    assertThat(client.take().toByteArray()).isEqualTo(Frames.masked(TEXT, payload));
    assertThat(FrameWriter.frame(TEXT, Buffer.from(payload)).toByteArray())
        .isEqualTo(Frames.plain(TEXT, payload));
  }

  @Test
  void gathersFramesIntoOneArrayInOrder() {
    FrameWriter writer = new FrameWriter(null);
    assertThat(writer.isEmpty()).isTrue();
    writer.put(TEXT, Buffer.from("a"));
    writer.putHeader(FrameWriter.FIN | FrameReader.BINARY, 70_000);
    writer.putFrame(Buffer.from(Frames.plain(0x89, "p")));

    byte[] expected =
        Frames.join(
            Frames.plain(TEXT, "a"), Frames.header(0x82, 70_000, null, 8), Frames.plain(0x89, "p"));
    assertThat(writer.length()).isEqualTo(expected.length);
    assertThat(writer.take().toByteArray()).isEqualTo(expected);
    assertThat(writer.isEmpty()).isTrue();
  }

  @Test
  void changesNothingInWhatItIsGiven() {
    byte[] payload = bytes(100);
    byte[] before = payload.clone();
    Buffer data = BYTES.wrap(payload);
    FrameWriter client = new FrameWriter(new Random(1));
    client.put(TEXT, data);
    assertThat(payload).isEqualTo(before);
  }

  @Test
  void leavesAloneWhatWasTaken() {
    FrameWriter writer = new FrameWriter(null);
    writer.put(TEXT, Buffer.from("first"));
    Buffer first = writer.take();
    writer.put(TEXT, Buffer.from("other"));
    writer.take();
    assertThat(first.toByteArray()).isEqualTo(Frames.plain(TEXT, "first"));
  }

  @Test
  void masksEachFrameWithAKeyOfItsOwn() {
    FrameWriter client = new FrameWriter(new MaskKeys());
    client.put(TEXT, Buffer.from("same"));
    byte[] first = client.take().toByteArray();
    client.put(TEXT, Buffer.from("same"));
    byte[] second = client.take().toByteArray();

    assertThat(Arrays.copyOfRange(first, 2, 6)).isNotEqualTo(Arrays.copyOfRange(second, 2, 6));
  }

  @Test
  void keepsNoLargeArrayForASmallFrameBehindALargeOne() {
    FrameWriter writer = new FrameWriter(null);
    writer.put(TEXT, Buffer.from(new byte[4 << 20]));
    writer.take();
    writer.put(TEXT, Buffer.from("a"));

    assertThat(BYTES.array(writer.take())).hasSizeLessThan(64 * 1024);
  }
}
