package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes in any pieces become whole records, and what is none becomes nothing. */
class RecordIntakeTest implements RecordIntake.Link {
  private final List<String> told = new ArrayList<>();
  private EmbeddedChannel channel = open(false);

  private EmbeddedChannel open(boolean awaitsHello) {
    return new EmbeddedChannel(new RecordIntake(this, awaitsHello));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Override
  public void hello(ByteBuf bytes) {
    told.add("hello " + bytes.readableBytes());
  }

  @Override
  public void record(ByteBuf bytes, int at) {
    told.add("record " + bytes.getUnsignedByte(at));
  }

  @Override
  public void refused(NetException why, ByteBuf bytes) {
    told.add(why.code());
  }

  private static byte[] record(int type, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) type, 3, 3, (byte) (length >> 8), (byte) length});
    for (int i = 0; i < length; i++) {
      out.write(type + i);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Feeds all in two or more pieces, and gives what was passed on. */
  private byte[] feed(byte[] all, int size) {
    for (int at = 0; at < all.length; at += size) {
      channel.writeInbound(Unpooled.copiedBuffer(all, at, Math.min(size, all.length - at)));
    }
    return passed();
  }

  private byte[] passed() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuf next;
    while ((next = channel.readInbound()) != null) {
      byte[] bytes = ByteBufUtil.getBytes(next);
      assertWhole(bytes);
      out.writeBytes(bytes);
      next.release();
    }
    return out.toByteArray();
  }

  private static void assertWhole(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      at += 5 + ((bytes[at + 3] & 0xff) << 8 | (bytes[at + 4] & 0xff));
    }
    assertThat(at).isEqualTo(bytes.length);
  }

  @Test
  void inPiecesOfAnySizeTheSameRecordsComeOut() {
    byte[] all = join(record(22, 300), record(23, 1), record(23, 0), record(21, 2), record(23, 77));

    for (int size = 1; size <= all.length; size++) {
      told.clear();
      channel = open(false);
      assertThat(feed(all, size)).isEqualTo(all);
      assertThat(told)
          .containsExactly("record 22", "record 23", "record 23", "record 21", "record 23");
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void theBeginOfARecordIsKeptInItsOwnMemory() {
    ByteBuf shared = Unpooled.copiedBuffer(join(record(23, 10), new byte[] {23, 3, 3, 0}));

    channel.writeInbound(shared);

    assertThat(passed()).isEqualTo(record(23, 10));
    assertThat(shared.refCnt()).isZero();
  }

  @Test
  void wholeRecordsAreNotCopied() {
    ByteBuf shared = Unpooled.copiedBuffer(record(23, 10));

    channel.writeInbound(shared);

    ByteBuf slice = channel.readInbound();
    assertThat(slice.unwrap()).isNotNull();
    assertThat(shared.refCnt()).isEqualTo(1);
    slice.release();
    assertThat(shared.refCnt()).isZero();
  }

  @Test
  void theHelloIsWaitedForAndThenPassedOnWithWhatFollows() {
    byte[] hello = ClientHelloTest.real("a.test");
    byte[] all = join(hello, record(20, 1), record(23, 50));

    for (int size = 1; size <= all.length; size += 7) {
      told.clear();
      channel = open(true);
      assertThat(feed(all, size)).isEqualTo(all);
      assertThat(told.getFirst()).startsWith("hello ");
      assertThat(told.subList(1, told.size()))
          .containsExactly("record 22", "record 20", "record 23");
      channel.finishAndReleaseAll();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "19,3,10,ERR_SSL_WRONG_VERSION_NUMBER",
    "25,3,10,ERR_SSL_WRONG_VERSION_NUMBER",
    "72,84,10,ERR_SSL_WRONG_VERSION_NUMBER",
    "23,4,10,ERR_SSL_WRONG_VERSION_NUMBER",
    "23,3,18433,ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG",
    "23,3,65535,ERR_SSL_ENCRYPTED_LENGTH_TOO_LONG"
  })
  void afterWhatIsNoRecordNothingIsPassedOn(int type, int version, int length, String code) {
    byte[] wrong = {(byte) type, (byte) version, 3, (byte) (length >> 8), (byte) length};

    for (int size = 1; size <= 30; size++) {
      told.clear();
      channel = open(false);
      assertThat(feed(join(record(23, 4), wrong, record(23, 9)), size)).isEqualTo(record(23, 4));
      assertThat(told).containsExactly("record 23", code);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void theLongestRecordIsPassedOn() {
    byte[] all = join(record(23, 16 * 1024 + 2048), record(23, 1));

    for (int size : new int[] {100, 4096, 9000, 16_000, 18_000, 18_436}) {
      channel = open(false);
      assertThat(feed(all, size)).isEqualTo(all);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void whatWasKeptGoesWithTheConnection() {
    channel.writeInbound(Unpooled.copiedBuffer(record(23, 100), 0, 50));

    channel.close();

    assertThat(told).isEmpty();
    assertThat(passed()).isEmpty();
  }
}
