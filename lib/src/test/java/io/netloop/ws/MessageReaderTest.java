package io.netloop.ws;

import static io.netloop.ws.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
  private static final int TEXT = FrameReader.TEXT;
  private static final int BINARY = FrameReader.BINARY;
  private static final int MORE = FrameReader.CONTINUATION;
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  private final List<Message> messages = new ArrayList<>();
  private final List<String> parts = new ArrayList<>();
  private MessageReader reader = reader(100, 10);

  private MessageReader reader(long maxPayload, int maxFragments) {
    return new MessageReader(maxPayload, maxFragments, null, messages::add);
  }

  private void frame(int opcode, boolean fin, byte[] payload) throws ProtocolError {
    reader.begin(opcode, false, fin, payload.length);
    reader.payload(payload, 0, payload.length, true);
  }

  private void frame(int opcode, boolean fin, String payload) throws ProtocolError {
    frame(opcode, fin, utf8(payload));
  }

  private interface Act {
    void run() throws ProtocolError;
  }

  private static String refusal(Act act) {
    try {
      act.run();
      return "none";
    } catch (ProtocolError error) {
      return error.closeCode() + " " + error.code();
    }
  }

  @Test
  void handsOutAMessageOfOneFrame() throws ProtocolError {
    frame(TEXT, true, "Grüße");
    frame(BINARY, true, new byte[] {1, -1});
    frame(TEXT, true, "");

    assertThat(messages)
        .containsExactly(
            Message.text("Grüße"),
            Message.binary(Buffer.from(new byte[] {1, -1})),
            Message.text(""));
  }

  @Test
  void leavesAMessageThatCameInOnePieceWhereItWasRead() throws ProtocolError {
    byte[] read = utf8("header and payload");
    reader.begin(BINARY, false, true, 7);
    reader.payload(read, 11, 18, true);

    Buffer data = messages.getFirst().data();
    assertThat(BYTES.array(data)).isSameAs(read);
    assertThat(data).hasToString("payload");
  }

  @Test
  void putsPiecesAndFragmentsTogether() throws ProtocolError {
    byte[] bytes = utf8("abcdefgh");
    reader.begin(TEXT, false, false, 3);
    reader.payload(bytes, 0, 1, false);
    reader.payload(bytes, 1, 3, true);
    reader.begin(MORE, false, false, 0);
    reader.payload(bytes, 3, 3, true);
    reader.begin(MORE, false, true, 5);
    reader.payload(bytes, 3, 7, false);
    assertThat(messages).isEmpty();
    reader.payload(bytes, 7, 8, true);

    assertThat(messages).containsExactly(Message.text("abcdefgh"));
  }

  @Test
  void knowsAMessageOfEmptyFragmentsAndOneThatEndsWithSuch() throws ProtocolError {
    frame(TEXT, false, "");
    frame(MORE, false, "");
    frame(MORE, true, "");
    frame(BINARY, false, "ab");
    frame(MORE, true, "");
    frame(TEXT, false, "");
    frame(MORE, true, "cd");

    assertThat(messages)
        .containsExactly(Message.text(""), Message.binary(Buffer.from("ab")), Message.text("cd"));
  }

  @Test
  void acceptsACharacterCutByAFragment() throws ProtocolError {
    byte[] euro = utf8("€");
    frame(TEXT, false, Arrays.copyOf(euro, 1));
    frame(MORE, false, Arrays.copyOfRange(euro, 1, 2));
    frame(MORE, true, Arrays.copyOfRange(euro, 2, 3));

    assertThat(messages).containsExactly(Message.text("€"));
  }

  @Test
  void refusesATextAtItsFirstWrongByte() throws ProtocolError {
    reader.begin(TEXT, false, true, 50);
    reader.payload(utf8("so far so good"), 0, 14, false);

    assertThat(refusal(() -> reader.payload(new byte[] {(byte) 0xc0}, 0, 1, false)))
        .isEqualTo("1007 WS_ERR_INVALID_UTF8");
  }

  @Test
  void refusesATextThatEndsInsideACharacter() {
    byte[] cut = Arrays.copyOf(utf8("a€"), 3);
    assertThat(refusal(() -> frame(TEXT, true, cut))).isEqualTo("1007 WS_ERR_INVALID_UTF8");

    reader = reader(100, 10);
    assertThat(
            refusal(() -> {
              frame(TEXT, false, cut);
              frame(MORE, true, "");
            }))
        .isEqualTo("1007 WS_ERR_INVALID_UTF8");
    assertThat(messages).isEmpty();
  }

  @Test
  void letsBytesBeWhatTheyAre() throws ProtocolError {
    frame(BINARY, true, new byte[] {(byte) 0xc0, (byte) 0xff});
    assertThat(messages).hasSize(1);
  }

  @Test
  void refusesATooLongMessageBeforeItComes() throws ProtocolError {
    assertThat(refusal(() -> reader.begin(BINARY, false, true, 101)))
        .isEqualTo("1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
    reader = reader(100, 10);
    assertThat(refusal(() -> reader.begin(BINARY, false, true, 1L << 40)))
        .isEqualTo("1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");

    reader = reader(100, 10);
    frame(BINARY, false, new byte[60]);
    assertThat(refusal(() -> reader.begin(MORE, false, true, 41)))
        .isEqualTo("1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
  }

  @Test
  void countsEachMessageAnew() throws ProtocolError {
    for (int i = 0; i < 5; i++) {
      frame(BINARY, false, new byte[50]);
      frame(MORE, true, new byte[50]);
      frame(BINARY, true, new byte[100]);
    }
    assertThat(messages).hasSize(10).allMatch(message -> message.length() == 100);
  }

  @Test
  void refusesTooManyFragments() throws ProtocolError {
    frame(TEXT, false, "");
    for (int i = 0; i < 9; i++) {
      frame(MORE, false, "");
    }
    assertThat(refusal(() -> frame(MORE, true, "")))
        .isEqualTo("1008 WS_ERR_TOO_MANY_BUFFERED_PARTS");
  }

  @Test
  void takesNoMemoryForWhatIsOnlyAnnounced() throws ProtocolError {
    reader = reader(Integer.MAX_VALUE - 8, 10);
    // A thousand such would need two terabytes.
    for (int i = 0; i < 1_000; i++) {
      MessageReader other = reader(Integer.MAX_VALUE - 8, 10);
      other.begin(BINARY, false, true, Integer.MAX_VALUE - 8);
      other.payload(new byte[1], 0, 1, false);
    }
    assertThat(messages).isEmpty();
  }

  @Test
  void handsOutPieceByPieceFromTheNextMessageOn() throws ProtocolError {
    frame(TEXT, false, "who");
    stream();
    frame(MORE, true, "le");
    frame(TEXT, false, "a");
    frame(MORE, false, "");
    frame(MORE, true, "b");
    frame(BINARY, true, "");

    assertThat(messages).containsExactly(Message.text("whole"));
    assertThat(parts).containsExactly("begin false", "a", "b", "end", "begin true", "end");
  }

  @Test
  void checksTextsThatGoOutPieceByPiece() throws ProtocolError {
    stream();
    frame(TEXT, false, Arrays.copyOf(utf8("€"), 2));
    assertThat(refusal(() -> frame(MORE, true, ""))).isEqualTo("1007 WS_ERR_INVALID_UTF8");
    assertThat(parts).doesNotContain("end");

    frame(TEXT, false, "x");
    assertThat(refusal(() -> frame(MORE, true, new byte[100])))
        .isEqualTo("1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
  }

  private void stream() {
    reader.streamTo(
        new MessageReader.Parts() {
          @Override
          public void begin(boolean isBinary) {
            parts.add("begin " + isBinary);
          }

          @Override
          public int room() {
            return 1;
          }

          @Override
          public void part(Buffer data) {
            parts.add(data.toString());
          }

          @Override
          public void end() {
            parts.add("end");
          }
        });
  }
}
