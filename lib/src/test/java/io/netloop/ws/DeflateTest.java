package io.netloop.ws;

import static io.netloop.ws.Frames.hex;
import static io.netloop.ws.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTest {
  private static final DeflateAgreement PLAIN = new DeflateAgreement(false, false, 15, 0);
  private static final DeflateAgreement TAKEOVER = new DeflateAgreement(true, true, 15, 0);

  private final Deflate.Shared shared = new Deflate.Shared();
  private final Deflate.Shared others = new Deflate.Shared();
  private final List<Deflate> open = new ArrayList<>();

  @AfterEach
  void giveBack() {
    open.forEach(Deflate::end);
    shared.end();
    others.end();
  }

  private Deflate server(DeflateAgreement agreed) {
    Deflate deflate = new Deflate(shared, agreed, 6, false);
    open.add(deflate);
    return deflate;
  }

  private Deflate client(DeflateAgreement agreed) {
    Deflate deflate = new Deflate(others, agreed, 6, true);
    open.add(deflate);
    return deflate;
  }

  private static byte[] inflate(Deflate with, byte[]... pieces) throws ProtocolError {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < pieces.length; i++) {
      with.inflate(
          pieces[i],
          0,
          pieces[i].length,
          i == pieces.length - 1,
          (bytes, from, to) -> out.write(bytes, from, to - from));
    }
    return out.toByteArray();
  }

  private static byte[] compress(Deflate with, byte[] data) {
    return with.compress(Buffer.from(data)).toByteArray();
  }

  private static String refusal(Deflate with, byte[]... pieces) {
    try {
      inflate(with, pieces);
      return "none";
    } catch (ProtocolError error) {
      return error.closeCode() + " " + error.code();
    }
  }

  /** Messages of many kinds: short, long, alike, random, with repetitions far apart. */
  private static List<byte[]> messages() {
    Random random = new Random(7);
    List<byte[]> all = new ArrayList<>();
    for (int length : new int[] {1, 2, 10, 255, 256, 257, 1_000, 4_096, 33_000, 100_000}) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      all.add(noise);
      all.add(new byte[length]);
      byte[] words = new byte[length];
      for (int i = 0; i < length; i++) {
        words[i] = (byte) "abcd efg, hij".charAt(random.nextInt(13));
      }
      all.add(words);
      byte[] again = new byte[length];
      for (int i = 0; i < length; i++) {
        again[i] = i < length / 2 ? noise[i] : noise[i - length / 2];
      }
      all.add(again);
    }
    all.add(all.get(2));
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, 15, 0",
    "false, true, 15, 0",
    "true, false, 15, 0",
    "false, false, 15, 0",
    "true, true, 10, 9",
    "false, false, 8, 8",
    "true, true, 14, 15"
  })
  void givesBackWhatWasCompressedInBothDirections(
      boolean serverTakeover, boolean clientTakeover, int serverBits, int clientBits)
      throws ProtocolError {
    DeflateAgreement agreed =
        new DeflateAgreement(serverTakeover, clientTakeover, serverBits, clientBits);
    Deflate server = server(agreed);
    Deflate client = client(agreed);
    for (byte[] message : messages()) {
      assertThat(inflate(client, compress(server, message))).isEqualTo(message);
      assertThat(inflate(server, compress(client, message))).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void neverLooksFurtherBackThanWasAgreedOn(int bits) {
    Deflate server = server(new DeflateAgreement(true, true, bits, 0));
    Deflate client = client(new DeflateAgreement(true, true, 15, bits));
    int furthest = 0;
    for (byte[] message : messages()) {
      for (Deflate side : List.of(server, client)) {
        if (bits == 15) {
          // With takeover it would refer to earlier messages: one of its own for each.
          side = server(PLAIN);
        }
        SlowInflater inflater = new SlowInflater(compress(side, message));
        assertThat(inflater.inflate()).isEqualTo(message);
        furthest = Math.max(furthest, inflater.furthest);
      }
    }
    assertThat(furthest).isGreaterThan(1 << (bits - 2)).isLessThanOrEqualTo(1 << bits);
  }

  @Test
  void compressesBetterByReferringBack() {
    byte[] message = utf8("{\"type\":\"position\",\"x\":1234,\"y\":5678,\"name\":\"somebody\"}");
    Deflate takes = server(TAKEOVER);
    Deflate takesNot = server(PLAIN);
    int first = compress(takes, message).length;
    assertThat(compress(takes, message).length).isLessThan(first / 4);
    assertThat(compress(takesNot, message)).isEqualTo(compress(takesNot, message)).hasSize(first);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void compressesEmptyMessagesAgainAndAgain(boolean takeover) throws ProtocolError {
    DeflateAgreement agreed = takeover ? TAKEOVER : PLAIN;
    Deflate server = server(agreed);
    Deflate client = client(agreed);
    for (int i = 0; i < 3; i++) {
      byte[] nothing = compress(server, new byte[0]);
      assertThat(nothing).isNotEmpty();
      assertThat(inflate(client, nothing)).isEmpty();
      assertThat(inflate(client, compress(server, utf8("x")))).isEqualTo(utf8("x"));
    }
  }

  /** RFC 7692 §7.2.3. */
  @Test
  void readsTheExamplesOfTheStandard() throws ProtocolError {
    for (DeflateAgreement agreed : List.of(PLAIN, TAKEOVER)) {
      Deflate server = server(agreed);
      byte[] hello = utf8("Hello");
      assertThat(inflate(server, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(hello);
      // In two fragments.
      assertThat(inflate(server, hex("f2 48 cd"), hex("c9 c9 07 00"))).isEqualTo(hello);
      // In a block that is not compressed.
      assertThat(inflate(server, hex("00 05 00 fa ff 48 65 6c 6c 6f 00"))).isEqualTo(hello);
      // In a block that says it is the last.
      assertThat(inflate(server, hex("f3 48 cd c9 c9 07 00 00"))).isEqualTo(hello);
      // In two blocks.
      assertThat(inflate(server, hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))).isEqualTo(hello);
      // Empty.
      assertThat(inflate(server, hex("00"))).isEmpty();
      assertThat(inflate(server, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(hello);
    }
    assertThat(inflate(server(TAKEOVER), hex("f2 48 cd c9 c9 07 00"))).isEqualTo(utf8("Hello"));
  }

  @Test
  void readsWhatRefersBackToTheMessageBefore() throws ProtocolError {
    Deflate server = server(TAKEOVER);
    assertThat(inflate(server, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(utf8("Hello"));
    assertThat(inflate(server, hex("f2 00 11 00 00"))).isEqualTo(utf8("Hello"));
  }

  @Test
  void goesOnBehindALastBlockCutAnywhere() throws ProtocolError {
    byte[] message = hex("f3 48 cd c9 c9 07 00 00");
    for (DeflateAgreement agreed : List.of(PLAIN, TAKEOVER)) {
      for (int cut = 0; cut <= message.length; cut++) {
        Deflate server = server(agreed);
        for (int i = 0; i < 2; i++) {
          byte[] begin = Arrays.copyOf(message, cut);
          byte[] end = Arrays.copyOfRange(message, cut, message.length);
          assertThat(inflate(server, begin, end)).isEqualTo(utf8("Hello"));
        }
        assertThat(inflate(server, hex("f2 48 cd c9 c9 07 00"))).isEqualTo(utf8("Hello"));
      }
    }
  }

  @Test
  void readsAStreamThatEndsWithItsLastBlock() throws ProtocolError {
    Deflater zlib = new Deflater(9, true);
    zlib.setInput(utf8("all of it"));
    zlib.finish();
    byte[] out = new byte[100];
    byte[] stream = Arrays.copyOf(out, zlib.deflate(out));
    zlib.end();
    Deflate server = server(TAKEOVER);
    assertThat(inflate(server, stream)).isEqualTo(utf8("all of it"));
    assertThat(inflate(server, stream)).isEqualTo(utf8("all of it"));
  }

  @Test
  void inflatesTheSameHoweverItIsCut() throws ProtocolError {
    byte[] message = utf8("A message, and again a message, and once more: a message.".repeat(3));
    byte[] compressed = compress(client(PLAIN), message);
    for (DeflateAgreement agreed : List.of(PLAIN, TAKEOVER)) {
      Deflate server = server(agreed);
      for (int a = 0; a <= compressed.length; a++) {
        for (int b = a; b <= compressed.length; b++) {
          assertThat(
                  inflate(
                      server,
                      Arrays.copyOf(compressed, a),
                      Arrays.copyOfRange(compressed, a, b),
                      Arrays.copyOfRange(compressed, b, compressed.length)))
              .isEqualTo(message);
        }
      }
    }
  }

  @Test
  void keepsTwoConnectionsOfOneLoopApart() throws ProtocolError {
    byte[] first = utf8("the first message, in two pieces");
    byte[] second = utf8("the second message, whole");
    Deflate a = server(PLAIN);
    Deflate b = server(PLAIN);
    byte[] one = compress(client(PLAIN), first);
    byte[] two = compress(client(PLAIN), second);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflate.Output sink = (bytes, from, to) -> out.write(bytes, from, to - from);

    a.inflate(one, 0, 5, false, sink);
    assertThat(inflate(b, two)).isEqualTo(second);
    a.inflate(one, 5, one.length, true, sink);
    assertThat(out.toByteArray()).isEqualTo(first);
    assertThat(inflate(a, two)).isEqualTo(second);
  }

  @Test
  void refusesBytesThatAreNoDeflate() {
    for (DeflateAgreement agreed : List.of(PLAIN, TAKEOVER)) {
      assertThat(refusal(server(agreed), hex("ff ff ff"))).isEqualTo("1007 WS_ERR_INVALID_DEFLATE");
      assertThat(refusal(server(agreed), hex("00 05 00 05 00 48")))
          .isEqualTo("1007 WS_ERR_INVALID_DEFLATE");
      // Refers back to before the beginning.
      assertThat(refusal(server(agreed), hex("f2 00 11 00 00")))
          .isEqualTo("1007 WS_ERR_INVALID_DEFLATE");
    }
    // One connection's rubbish is no other's.
    assertThat(refusal(server(PLAIN), hex("f2 48 cd c9 c9 07 00"))).isEqualTo("none");
  }

  @Test
  void stopsInflatingWhereSomebodyHasHadEnough() {
    byte[] bomb = compress(client(PLAIN), new byte[50 << 20]);
    assertThat(bomb).hasSizeLessThan(64 * 1024);
    long[] seen = {0};
    Deflate server = server(PLAIN);
    try {
      server.inflate(
          bomb,
          0,
          bomb.length,
          true,
          (bytes, from, to) -> {
            seen[0] += to - from;
            if (seen[0] > 1 << 20) {
              throw new ProtocolError(1009, "ENOUGH", "enough");
            }
          });
      throw new AssertionError("not stopped");
    } catch (ProtocolError enough) {
      assertThat(enough.code()).isEqualTo("ENOUGH");
      assertThat(seen[0]).isLessThan((1 << 20) + 64 * 1024);
    }
  }

  @Test
  void boundsAMessageOfMessageReaderByWhatItInflatesTo() throws ProtocolError {
    byte[] bomb = compress(client(PLAIN), new byte[1 << 20]);
    List<Message> messages = new ArrayList<>();
    for (int most : new int[] {(1 << 20) - 1, 1 << 20}) {
      MessageReader reader = new MessageReader(most, 10, server(PLAIN), messages::add);
      String outcome = "taken";
      try {
        reader.begin(FrameReader.BINARY, true, true, bomb.length);
        reader.payload(bomb, 0, bomb.length, true);
        while (reader.waits()) {
          reader.beginTurn();
          reader.goOn();
        }
      } catch (ProtocolError error) {
        outcome = error.closeCode() + " " + error.code();
      }
      assertThat(outcome)
          .isEqualTo(most == 1 << 20 ? "taken" : "1009 WS_ERR_UNSUPPORTED_MESSAGE_LENGTH");
    }
    assertThat(messages).hasSize(1);
  }

  @Test
  void saysWhatItMayKeep() {
    assertThat(server(PLAIN).keptBytes()).isZero();
    assertThat(server(PLAIN).isStateless()).isTrue();
    assertThat(server(TAKEOVER).isStateless()).isFalse();
    assertThat(server(TAKEOVER).keptBytes())
        .isEqualTo(Deflate.DEFLATER_BYTES + Deflate.INFLATER_BYTES);
    assertThat(server(new DeflateAgreement(false, true, 15, 0)).keptBytes())
        .isEqualTo(Deflate.INFLATER_BYTES);
    // A smaller window is kept by cutting, so nothing is kept between messages.
    assertThat(server(new DeflateAgreement(true, false, 10, 0)).keptBytes()).isZero();
    assertThat(server(new DeflateAgreement(false, false, 10, 0)).isStateless()).isFalse();
  }
}
