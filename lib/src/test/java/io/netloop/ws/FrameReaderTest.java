package io.netloop.ws;

import static io.netloop.ws.Frames.FIN;
import static io.netloop.ws.Frames.hex;
import static io.netloop.ws.Frames.join;
import static io.netloop.ws.Frames.masked;
import static io.netloop.ws.Frames.plain;
import static io.netloop.ws.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

  /** What a reader tells, in words; payloads that come in pieces are one. */
  private static final class Told implements FrameReader.Sink {
    final List<String> events = new ArrayList<>();
    private byte[] payload = {};
    private FrameReader stopAfterEach;

    @Override
    public void begin(int opcode, boolean compressed, boolean fin, long length) {
      events.add("begin %d %b %b %d".formatted(opcode, compressed, fin, length));
    }

    @Override
    public void payload(byte[] bytes, int from, int to, boolean last) {
      payload = join(payload, Arrays.copyOfRange(bytes, from, to));
      if (last) {
        events.add("payload " + hex(payload));
        payload = new byte[0];
        if (stopAfterEach != null) {
          stopAfterEach.stop();
        }
      }
    }

    @Override
    public void control(int opcode, byte[] bytes, int from, int to) {
      events.add("control " + opcode + " " + hex(Arrays.copyOfRange(bytes, from, to)));
      if (stopAfterEach != null) {
        stopAfterEach.stop();
      }
    }
  }

  private final Told told = new Told();

  private FrameReader ofClients() {
    return new FrameReader(told, true, false);
  }

  private FrameReader ofServers() {
    return new FrameReader(told, false, false);
  }

  private static void read(FrameReader reader, byte[]... pieces) throws ProtocolError {
    for (byte[] piece : pieces) {
      assertThat(reader.read(piece.clone(), 0, piece.length)).isEqualTo(piece.length);
    }
  }

  /** The code and the close code of the error that these bytes are, whole and byte by byte. */
  private static String refusal(boolean masked, boolean mayCompress, byte[] bytes) {
    String whole = refusalOf(masked, mayCompress, bytes, bytes.length);
    assertThat(refusalOf(masked, mayCompress, bytes, 1)).isEqualTo(whole);
    return whole;
  }

  private static String refusalOf(boolean masked, boolean mayCompress, byte[] bytes, int step) {
    FrameReader reader = new FrameReader(new Told(), masked, mayCompress);
    try {
      for (int at = 0; at < bytes.length; at += step) {
        byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
        reader.read(piece, 0, piece.length);
      }
      return "none";
    } catch (ProtocolError error) {
      assertThat(error.reason()).isNotBlank();
      return error.closeCode() + " " + error.code();
    }
  }

  private static String refusal(byte[] bytes) {
    return refusal(true, false, bytes);
  }

  @Test
  void readsTheExamplesOfTheStandard() throws ProtocolError {
    read(ofServers(), hex("81 05 48 65 6c 6c 6f"));
    read(ofClients(), hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    read(ofServers(), hex("01 03 48 65 6c"), hex("80 02 6c 6f"));
    read(ofServers(), hex("89 05 48 65 6c 6c 6f"));
    read(ofClients(), hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"));

    assertThat(told.events)
        .containsExactly(
            "begin 1 false true 5",
            "payload 48 65 6c 6c 6f",
            "begin 1 false true 5",
            "payload 48 65 6c 6c 6f",
            "begin 1 false false 3",
            "payload 48 65 6c",
            "begin 0 false true 2",
            "payload 6c 6f",
            "control 9 48 65 6c 6c 6f",
            "control 10 48 65 6c 6c 6f");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 70_000})
  void readsEveryLength(int length) throws ProtocolError {
    byte[] payload = bytes(length);

    read(ofClients(), masked(FIN | 2, payload));
    read(ofServers(), plain(FIN | 2, payload));

    String begin = "begin 2 false true " + length;
    String content = "payload " + hex(payload);
    assertThat(told.events).containsExactly(begin, content, begin, content);
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "0, 8", "5, 2", "5, 8", "125, 8", "126, 8", "65535, 8"})
  void acceptsLongerFormsOfALengthThanNeeded(int length, int form) throws ProtocolError {
    byte[] payload = bytes(length);

    read(ofClients(), Frames.frame(FIN | 2, payload, Frames.KEY, form));

    assertThat(told.events)
        .containsExactly("begin 2 false true " + length, "payload " + hex(payload));
  }

  @Test
  void readsTheSameHoweverItIsCut() throws ProtocolError {
    byte[] all =
        join(
            masked(1, "Hé"),
            masked(FIN | 9, "ping"),
            masked(0, ""),
            masked(FIN, "llo"),
            masked(FIN | 2, bytes(130)),
            masked(FIN | 10, ""),
            Frames.frame(FIN | 2, bytes(3), Frames.KEY, 8),
            masked(FIN | 8, Frames.closePayload(1000, "bye")));
    read(ofClients(), all);
    List<String> expected = List.copyOf(told.events);
    assertThat(expected).hasSize(13);

    for (int first = 0; first <= all.length; first++) {
      told.events.clear();
      FrameReader reader = ofClients();
      read(reader, Arrays.copyOf(all, first), Arrays.copyOfRange(all, first, all.length));
      assertThat(told.events).describedAs("cut at %d", first).isEqualTo(expected);
    }
    for (int step : new int[] {1, 2, 3, 5, 7}) {
      told.events.clear();
      FrameReader reader = ofClients();
      for (int at = 0; at < all.length; at += step) {
        read(reader, Arrays.copyOfRange(all, at, Math.min(all.length, at + step)));
      }
      assertThat(told.events).describedAs("steps of %d", step).isEqualTo(expected);
    }
  }

  @Test
  void readsAWholeHeaderWithNothingBehindIt() throws ProtocolError {
    byte[] frame = masked(FIN | 1, "Hello");
    FrameReader reader = ofClients();

    read(reader, Arrays.copyOf(frame, 6));
    assertThat(told.events).containsExactly("begin 1 false true 5");
    read(reader, Arrays.copyOfRange(frame, 6, 11));
    assertThat(told.events).containsExactly("begin 1 false true 5", "payload 48 65 6c 6c 6f");
  }

  @Test
  void readsOnlyItsPartOfAnArray() throws ProtocolError {
    byte[] all = join(utf8("before"), masked(FIN | 1, "in"), utf8("behind"));

    assertThat(ofClients().read(all, 6, all.length - 6)).isEqualTo(all.length - 6);

    assertThat(told.events).containsExactly("begin 1 false true 2", "payload 69 6e");
    assertThat(Arrays.copyOf(all, 6)).isEqualTo(utf8("before"));
    assertThat(Arrays.copyOfRange(all, all.length - 6, all.length)).isEqualTo(utf8("behind"));
  }

  @Test
  void stopsBehindTheFrameInWhichItIsAskedTo() throws ProtocolError {
    byte[] first = masked(FIN | 1, "one");
    byte[] second = masked(FIN | 9, "two");
    byte[] third = masked(FIN | 1, "three");
    byte[] all = join(first, second, third);
    FrameReader reader = ofClients();
    told.stopAfterEach = reader;

    int at = reader.read(all, 0, all.length);
    assertThat(at).isEqualTo(first.length);
    at = reader.read(all, at, all.length);
    assertThat(at).isEqualTo(first.length + second.length);
    assertThat(reader.read(all, at, all.length)).isEqualTo(all.length);
    assertThat(told.events).hasSize(5).last().isEqualTo("payload 74 68 72 65 65");
  }

  @Test
  void refusesAMissingOrAnUnwantedMask() {
    assertThat(refusal(true, false, plain(FIN | 1, "x"))).isEqualTo("1002 WS_ERR_EXPECTED_MASK");
    assertThat(refusal(true, false, plain(FIN | 9, ""))).isEqualTo("1002 WS_ERR_EXPECTED_MASK");
    assertThat(refusal(false, false, masked(FIN | 1, "x")))
        .isEqualTo("1002 WS_ERR_UNEXPECTED_MASK");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x20, 0x30, 0x50, 0x70})
  void refusesReservedBits(int bits) {
    for (int opcode : new int[] {1, 2, 8, 9, 10}) {
      assertThat(refusal(true, true, masked(FIN | bits | opcode, "")))
          .isEqualTo("1002 WS_ERR_UNEXPECTED_RSV_2_3");
    }
  }

  @Test
  void refusesCompressionThatWasNotAgreedOn() {
    for (int opcode : new int[] {1, 2, 8, 9, 10}) {
      assertThat(refusal(true, false, masked(FIN | 0x40 | opcode, "")))
          .isEqualTo("1002 WS_ERR_UNEXPECTED_RSV_1");
    }
  }

  @Test
  void refusesCompressionOfControlFramesAndOfContinuations() throws ProtocolError {
    for (int opcode : new int[] {8, 9, 10}) {
      assertThat(refusal(true, true, masked(FIN | 0x40 | opcode, "")))
          .isEqualTo("1002 WS_ERR_UNEXPECTED_RSV_1");
    }
    assertThat(refusal(true, true, join(masked(0x41, "a"), masked(FIN | 0x40, "b"))))
        .isEqualTo("1002 WS_ERR_UNEXPECTED_RSV_1");

    read(new FrameReader(told, true, true), masked(0x41, "a"), masked(FIN, "b"));
    assertThat(told.events)
        .containsExactly(
            "begin 1 true false 1", "payload 61", "begin 0 false true 1", "payload 62");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
  void refusesUnknownOpcodes(int opcode) {
    assertThat(refusal(masked(FIN | opcode, ""))).isEqualTo("1002 WS_ERR_INVALID_OPCODE");
    assertThat(refusal(masked(opcode, "x"))).isEqualTo("1002 WS_ERR_INVALID_OPCODE");
  }

  @Test
  void refusesAContinuationOfNothing() {
    assertThat(refusal(masked(FIN, "x"))).isEqualTo("1002 WS_ERR_INVALID_OPCODE");
    assertThat(refusal(masked(0, "x"))).isEqualTo("1002 WS_ERR_INVALID_OPCODE");
    assertThat(refusal(join(masked(1, "a"), masked(FIN, "b"), masked(FIN, "c"))))
        .isEqualTo("1002 WS_ERR_INVALID_OPCODE");
  }

  @Test
  void refusesAMessageInsideAnother() {
    for (int opcode : new int[] {1, 2}) {
      assertThat(refusal(join(masked(1, "a"), masked(FIN | opcode, "b"))))
          .isEqualTo("1002 WS_ERR_INVALID_OPCODE");
    }
  }

  @Test
  void refusesControlFramesInPieces() {
    for (int opcode : new int[] {8, 9, 10}) {
      assertThat(refusal(masked(opcode, ""))).isEqualTo("1002 WS_ERR_EXPECTED_FIN");
    }
  }

  @Test
  void refusesControlFramesOfMoreThan125Bytes() throws ProtocolError {
    for (int opcode : new int[] {8, 9, 10}) {
      for (int form : new int[] {2, 8}) {
        assertThat(refusal(Frames.header(FIN | opcode, 126, Frames.KEY, form)))
            .isEqualTo("1002 WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH");
      }
    }
    read(ofClients(), masked(FIN | 9, bytes(125)));
    assertThat(told.events).containsExactly("control 9 " + hex(bytes(125)));
  }

  @Test
  void refusesLengthsThatNobodyCanHave() throws ProtocolError {
    for (long length : new long[] {1L << 53, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      assertThat(refusal(Frames.header(FIN | 2, length, Frames.KEY, 8)))
          .isEqualTo("1009 WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH");
    }
    read(ofClients(), Frames.header(FIN | 2, (1L << 53) - 1, Frames.KEY, 8));
    assertThat(told.events).containsExactly("begin 2 false true 9007199254740991");
  }

  @Test
  void refusesAtTheFirstByteThatSaysEnough() {
    assertThat(refusal(new byte[] {(byte) 0x83})).isEqualTo("1002 WS_ERR_INVALID_OPCODE");
    assertThat(refusal(new byte[] {(byte) 0x91})).isEqualTo("1002 WS_ERR_UNEXPECTED_RSV_2_3");
    assertThat(refusal(hex("82 05"))).isEqualTo("1002 WS_ERR_EXPECTED_MASK");
    assertThat(refusal(hex("89 fe"))).isEqualTo("1002 WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH");
  }

  @Test
  void takesEveryByteOffItsMaskWhateverThePieces() throws ProtocolError {
    byte[] payload = bytes(61);
    byte[] frame = masked(FIN | 2, payload);
    for (int a = 6; a < frame.length; a++) {
      for (int b = a; b < frame.length; b += 3) {
        told.events.clear();
        read(
            ofClients(),
            Arrays.copyOf(frame, a),
            Arrays.copyOfRange(frame, a, b),
            Arrays.copyOfRange(frame, b, frame.length));
        assertThat(told.events).last().isEqualTo("payload " + hex(payload));
      }
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    IntStream.range(0, length).forEach(i -> bytes[i] = (byte) (i * 31 + 7));
    return bytes;
  }
}
