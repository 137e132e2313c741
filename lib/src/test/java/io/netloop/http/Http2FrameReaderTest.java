package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.Clock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reader of frames: it finds the same however its input is cut. */
class Http2FrameReaderTest {
  private static final HexFormat HEX = HexFormat.of();

  /** Writes down what is found; parts of a body that follow each other are one. */
  private static class Notes implements Http2FrameReader.Sink {
    final List<String> lines = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    @Override
    public void dataBegins(int streamId, int length) {
      lines.add("data of " + streamId + ", " + length);
    }

    @Override
    public void data(int streamId, byte[] bytes, int from, int to) {
      assertThat(from).isLessThan(to);
      body.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void dataEnds(int streamId, int padding, boolean endStream) {
      lines.add("<" + body + "> " + padding + (endStream ? " end" : ""));
      body.setLength(0);
    }

    @Override
    public void headers(int streamId, byte[] block, int from, int to, boolean endStream) {
      lines.add("fields of " + streamId + " " + HEX.formatHex(block, from, to) + " " + endStream);
    }

    @Override
    public void reset(int streamId, int code) {
      lines.add("reset " + streamId + " " + code);
    }

    @Override
    public void settings(byte[] bytes, int from, int to) {
      lines.add("settings " + HEX.formatHex(bytes, from, to));
    }

    @Override
    public void settingsAcknowledged() {
      lines.add("settings ack");
    }

    @Override
    public void ping(byte[] bytes, int from, boolean ack) {
      lines.add("ping " + HEX.formatHex(bytes, from, from + 8) + " " + ack);
    }

    @Override
    public void goAway(int lastStreamId, int code) {
      lines.add("goaway " + lastStreamId + " " + code);
    }

    @Override
    public void windowUpdate(int streamId, int more) {
      lines.add("window " + streamId + " " + more);
    }

    @Override
    public void wrongStream(int streamId, int code, String reason) {
      lines.add("wrong " + streamId + " " + Http2Code.name(code));
    }

    @Override
    public void idle(int type) {
      lines.add("idle " + type);
    }
  }

  private static final String SETTINGS = "000006" + "04" + "00" + "00000000" + "000400010000";

  /** One of each. */
  private static byte[] conversation() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Http2Frames.PREFACE);
    for (String frame :
        List.of(
            SETTINGS,
            "000000" + "04" + "01" + "00000000",
            "000003" + "01" + "04" + "00000001" + "828684",
            "000002" + "00" + "00" + "00000001" + "6869",
            "000005" + "00" + "08" + "00000001" + "02" + "6a6b" + "0000",
            "000001" + "00" + "09" + "00000001" + "00",
            "00000b" + "01" + "28" + "00000003" + "03" + "00000000" + "10" + "8286" + "000000",
            "000001" + "09" + "00" + "00000003" + "84",
            "000000" + "09" + "04" + "00000003",
            "000008" + "01" + "24" + "00000007" + "00000007" + "10" + "828684",
            "000006" + "01" + "20" + "00000009" + "00000009" + "10" + "82",
            "000001" + "09" + "00" + "00000009" + "86",
            "000001" + "09" + "04" + "00000009" + "84",
            "000005" + "02" + "00" + "00000005" + "00000001" + "10",
            "000005" + "02" + "00" + "00000005" + "00000005" + "10",
            "000004" + "02" + "00" + "00000005" + "00000001",
            "000004" + "03" + "00" + "00000003" + "00000008",
            "000008" + "06" + "00" + "00000000" + "0102030405060708",
            "000008" + "06" + "01" + "00000000" + "0102030405060708",
            "000004" + "08" + "00" + "00000000" + "00000001",
            "000004" + "08" + "00" + "00000001" + "80000002",
            "000004" + "08" + "00" + "00000001" + "00000000",
            "000003" + "77" + "ff" + "00000009" + "010203",
            "00000a" + "07" + "00" + "00000000" + "00000003" + "00000000" + "6f6b",
            "000000" + "00" + "01" + "00000001")) {
      all.writeBytes(HEX.parseHex(frame));
    }
    return all.toByteArray();
  }

  private static final List<String> FOUND =
      List.of(
          "settings 000400010000",
          "settings ack",
          "fields of 1 828684 false",
          "data of 1, 2",
          "<hi> 0",
          "data of 1, 5",
          "<jk> 3",
          "data of 1, 1",
          "<> 1 end",
          "fields of 3 828684 false",
          "fields of 7 828684 false",
          "wrong 7 PROTOCOL_ERROR",
          "fields of 9 828684 false",
          "wrong 9 PROTOCOL_ERROR",
          "idle 2",
          "wrong 5 PROTOCOL_ERROR",
          "wrong 5 FRAME_SIZE_ERROR",
          "reset 3 8",
          "ping 0102030405060708 false",
          "ping 0102030405060708 true",
          "window 0 1",
          "window 1 2",
          "wrong 1 PROTOCOL_ERROR",
          "idle 119",
          "goaway 3 0",
          "data of 1, 0",
          "<> 0 end");

  private static List<String> read(byte[] bytes, int... cuts) throws Http2Error {
    Notes notes = new Notes();
    Http2FrameReader reader = new Http2FrameReader(notes, true, 64 * 1024);
    int from = 0;
    for (int cut : cuts) {
      read(reader, Arrays.copyOfRange(bytes, from, cut));
      from = cut;
    }
    read(reader, Arrays.copyOfRange(bytes, from, bytes.length));
    return notes.lines;
  }

  private static void read(Http2FrameReader reader, byte[] part) throws Http2Error {
    assertThat(reader.read(part, 0, part.length)).isEqualTo(part.length);
  }

  @Test
  void findsAllFrames() throws Exception {
    assertThat(read(conversation())).isEqualTo(FOUND);
  }

  @Test
  void findsTheSameWhereverTheInputIsCut() throws Exception {
    byte[] all = conversation();
    for (int cut = 0; cut <= all.length; cut++) {
      assertThat(read(all, cut)).describedAs("cut at %d", cut).isEqualTo(FOUND);
    }
  }

  @Test
  void findsTheSameByteByByte() throws Exception {
    byte[] all = conversation();
    int[] cuts = new int[all.length];
    Arrays.setAll(cuts, i -> i);

    assertThat(read(all, cuts)).isEqualTo(FOUND);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another first frame,0000080600000000000102030405060708,PROTOCOL_ERROR",
    "an acknowledgement first,000000040100000000,PROTOCOL_ERROR",
    "a frame that is too long,S004001000000000001,FRAME_SIZE_ERROR",
    "data of no stream,S000001000000000000,PROTOCOL_ERROR",
    "padding longer than the data,S00000200080000000102,PROTOCOL_ERROR",
    "padded data without its length,S000000000800000001,FRAME_SIZE_ERROR",
    "fields of no stream,S000001010400000000,PROTOCOL_ERROR",
    "padding longer than the fields,S00000201 0c 00000001 0282,PROTOCOL_ERROR",
    "padded fields without its length,S000000010c00000001,FRAME_SIZE_ERROR",
    "fields too short for their priority,S000004012400000001 00000000,PROTOCOL_ERROR",
    "a continuation of nothing,S000000090400000001,PROTOCOL_ERROR",
    "a continuation of another stream,S000001010000000001 82 000000090400000003,PROTOCOL_ERROR",
    "a ping among continuations,S000001010000000001 82 000008060000000000,PROTOCOL_ERROR",
    "a reset of no stream,S000004030000000000 00000000,PROTOCOL_ERROR",
    "a reset that is too short,S000003030000000001 000000,FRAME_SIZE_ERROR",
    "settings of a stream,S000000040000000001,PROTOCOL_ERROR",
    "settings that are no multiple of six,S000005040000000000 0000000000,FRAME_SIZE_ERROR",
    "an acknowledgement with settings,S000006040100000000 000000000000,FRAME_SIZE_ERROR",
    "a push,S000004050400000001 00000002,PROTOCOL_ERROR",
    "a ping of a stream,S000008060000000001,PROTOCOL_ERROR",
    "a ping that is too short,S000007060000000000,FRAME_SIZE_ERROR",
    "a goodbye of a stream,S000008070000000001,PROTOCOL_ERROR",
    "a goodbye that is too short,S000007070000000000,FRAME_SIZE_ERROR",
    "a window that is too short,S000003080000000000 000000,FRAME_SIZE_ERROR",
    "a window that grows by nothing,S000004080000000000 00000000,PROTOCOL_ERROR",
    "a priority of no stream,S000005020000000000,PROTOCOL_ERROR",
  })
  void refuses(String what, String hex, String code) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Http2Frames.PREFACE);
    all.writeBytes(HEX.parseHex(hex.replace("S", SETTINGS).replace(" ", "")));

    assertThat(refusal(all.toByteArray())).startsWith(code + " ");
  }

  @Test
  void refusesAnotherPreface() {
    byte[] wrong = Http2Frames.PREFACE.clone();
    wrong[23] = 'x';

    assertThat(refusal(wrong)).startsWith("PROTOCOL_ERROR ");
  }

  private static String refusal(byte[] bytes) {
    try {
      return "found " + read(bytes);
    } catch (Http2Error error) {
      return Http2Code.name(error.code()) + " " + error.reason();
    }
  }

  @Test
  void stopsWhereItIsToldTo() throws Exception {
    byte[] all = conversation();
    Http2FrameReader[] reader = new Http2FrameReader[1];
    Notes notes =
        new Notes() {
          @Override
          public void settings(byte[] bytes, int from, int to) {
            super.settings(bytes, from, to);
            reader[0].stop();
          }
        };
    reader[0] = new Http2FrameReader(notes, true, 1024);

    int next = reader[0].read(all, 0, all.length);
    assertThat(next).isEqualTo(24 + 15);
    assertThat(notes.lines).hasSize(1);
    assertThat(reader[0].read(all, next, all.length)).isEqualTo(all.length);
    assertThat(notes.lines).isEqualTo(FOUND);
  }

  /** Damaged conversations, cut anywhere, are read or refused, and the cuts change nothing. */
  @Test
  void bearsWhatIsDamaged() {
    byte[] whole = conversation();
    long begin = Clock.SYSTEM.nanoTime();
    int refused = 0;
    int read = 0;
    for (long seed = 1; Clock.SYSTEM.nanoTime() - begin < Duration.ofSeconds(2).toNanos(); seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        damaged[random.nextInt(39, damaged.length)] = (byte) random.nextInt();
      }
      String once = refusal(damaged);
      int[] cuts = random.ints(3, 0, damaged.length).sorted().toArray();
      String inPieces;
      try {
        inPieces = "found " + read(damaged, cuts);
      } catch (Http2Error error) {
        inPieces = Http2Code.name(error.code()) + " " + error.reason();
      }
      assertThat(inPieces).describedAs("seed %d", seed).isEqualTo(once);
      if (once.startsWith("found")) {
        read++;
      } else {
        refused++;
      }
    }
    assertThat(read).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }
}
