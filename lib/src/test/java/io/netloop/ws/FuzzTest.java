package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames, whole and broken, against a reader that is too simple to be wrong. */
class FuzzTest extends WsTest {
  private static final int MOST = 2_000;
  private static final int MOST_FRAGMENTS = 6;
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** What a stream of bytes is, told by the standard's text and nothing else. */
  private static final class Slow {
    final List<String> events = new ArrayList<>();
    private final byte[] in;
    private int at;
    private boolean inMessage;
    private boolean text;
    private int fragments;
    private ByteArrayOutputStream message = new ByteArrayOutputStream();

    Slow(byte[] in) {
      this.in = in;
    }

    List<String> events() {
      while (at < in.length && frame()) {
        // Until the bytes end, or the rules are broken.
      }
      return events;
    }

    private boolean broken(int code) {
      events.add("broken " + code);
      return false;
    }

    private boolean frame() {
      int first = in[at] & 0xff;
      int opcode = first & 15;
      boolean fin = first >= 128;
      boolean control = opcode >= 8;
      boolean known = opcode <= 2 || (opcode >= 8 && opcode <= 10);
      boolean wrongPlace = opcode == 0 ? !inMessage : !control && inMessage;
      if ((first & 0x70) != 0 || !known || wrongPlace || (control && !fin)) {
        return broken(1002);
      }
      if (at + 1 >= in.length) {
        return false;
      }
      int second = in[at + 1] & 0xff;
      int length = second & 127;
      if (second < 128 || (control && length > 125)) {
        return broken(1002);
      }
      int form = length < 126 ? 0 : length == 126 ? 2 : 8;
      int payload = at + 2 + form + 4;
      if (payload > in.length) {
        return false;
      }
      long size = length;
      if (form > 0) {
        size = 0;
        for (int i = 0; i < form; i++) {
          size = size << 8 | (in[at + 2 + i] & 0xff);
        }
      }
      if (size < 0 || size >= 1L << 53) {
        return broken(1009);
      }
      if (!control) {
        if (opcode != 0) {
          text = opcode == 1;
          fragments = 0;
          message = new ByteArrayOutputStream();
        }
        if (message.size() + size > MOST) {
          return broken(1009);
        }
        if (++fragments > MOST_FRAGMENTS) {
          return broken(1008);
        }
        inMessage = !fin;
      }
      int end = (int) Math.min(in.length, payload + size);
      byte[] data = Arrays.copyOfRange(in, payload, end);
      for (int i = 0; i < data.length; i++) {
        data[i] ^= in[payload - 4 + i % 4];
      }
      boolean whole = payload + size <= in.length;
      at = end;
      return control ? control(opcode, data, whole) : data(data, whole, fin);
    }

    private boolean control(int opcode, byte[] data, boolean whole) {
      if (whole) {
        events.add(opcode + " " + Frames.hex(data));
      }
      return whole;
    }

    private boolean data(byte[] data, boolean whole, boolean fin) {
      message.writeBytes(data);
      boolean ends = whole && fin;
      if (text && !isText(message.toByteArray(), ends)) {
        return broken(1007);
      }
      if (ends) {
        events.add((text ? "text " : "bytes ") + Frames.hex(message.toByteArray()));
      }
      return whole;
    }

    private static boolean isText(byte[] bytes, boolean whole) {
      var decoder =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      var out = CharBuffer.allocate(bytes.length + 1);
      return !decoder.decode(ByteBuffer.wrap(bytes), out, whole).isError();
    }
  }

  /** Ours, as an endpoint uses it. */
  private static final class Ours implements FrameReader.Sink {
    final List<String> events = new ArrayList<>();
    private final FrameReader frames = new FrameReader(this, true, false);
    private final MessageReader messages =
        new MessageReader(MOST, MOST_FRAGMENTS, null, this::message);

    private void message(Message message) {
      String kind = message.isBinary() ? "bytes " : "text ";
      events.add(kind + Frames.hex(message.data().toByteArray()));
    }

    @Override
    public void begin(int opcode, boolean compressed, boolean fin, long length)
        throws ProtocolError {
      messages.begin(opcode, compressed, fin, length);
    }

    @Override
    public void payload(byte[] bytes, int from, int to, boolean last) throws ProtocolError {
      messages.payload(bytes, from, to, last);
    }

    @Override
    public void control(int opcode, byte[] bytes, int from, int to) {
      events.add(opcode + " " + Frames.hex(Arrays.copyOfRange(bytes, from, to)));
    }

    List<String> events(byte[] in, Random random) {
      try {
        for (int at = 0; at < in.length; ) {
          int length = 1 + random.nextInt(random.nextInt(4) == 0 ? in.length : 9);
          byte[] piece = Arrays.copyOfRange(in, at, Math.min(in.length, at + length));
          frames.read(piece, 0, piece.length);
          at += piece.length;
        }
      } catch (ProtocolError error) {
        events.add("broken " + error.closeCode());
      }
      return events;
    }
  }

  private static byte[] payload(Random random) {
    if (random.nextInt(3) == 0) {
      byte[] noise = new byte[random.nextInt(random.nextInt(20) == 0 ? 3_000 : 40)];
      random.nextBytes(noise);
      return noise;
    }
    String alphabet = "abc é€𝄞中";
    StringBuilder text = new StringBuilder();
    int count = random.nextInt(random.nextInt(10) == 0 ? 400 : 20);
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(alphabet.codePoints().toArray()[random.nextInt(8)]);
    }
    return Frames.utf8(text.toString());
  }

  /** Messages in pieces with control frames between, most of them as they should be. */
  private static byte[] stream(Random random) {
    byte[] all = {};
    for (int frames = random.nextInt(6); frames >= 0; frames--) {
      byte[] payload = payload(random);
      int opcode = 1 + random.nextInt(2);
      int parts = 1 + random.nextInt(random.nextInt(20) == 0 ? 8 : 3);
      int from = 0;
      for (int part = 0; part < parts; part++) {
        boolean last = part == parts - 1;
        int to = last ? payload.length : from + random.nextInt(payload.length - from + 1);
        byte[] piece = Arrays.copyOfRange(payload, from, to);
        from = to;
        int first = (part == 0 ? opcode : 0) | (last ? 0x80 : 0);
        int form = piece.length > 125 ? 2 : new int[] {0, 0, 0, 2, 8}[random.nextInt(5)];
        byte[] key = new byte[4];
        random.nextBytes(key);
        all = Frames.join(all, Frames.frame(first, piece, key, form));
        if (random.nextInt(4) == 0) {
          byte[] ping = new byte[random.nextInt(126)];
          all = Frames.join(all, Frames.masked(0x80 | 9 + random.nextInt(2), ping));
        }
      }
    }
    return all;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i > 0 && changed.length > 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(4)) {
        case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> changed[at] = (byte) random.nextInt();
        case 2 -> changed = Arrays.copyOf(changed, at);
        default ->
            changed =
                Frames.join(
                    Arrays.copyOf(changed, at),
                    Arrays.copyOfRange(changed, random.nextInt(changed.length), changed.length));
      }
    }
    return changed;
  }

  @Test
  void readsWhateverComesAsTheSlowReaderDoes() {
    long seed = Long.getLong("netloop.seed", 20_261_125L);
    int broken = 0;
    int messages = 0;
    for (int i = 0; i < 6_000; i++) {
      Random random = new Random(seed + i);
      byte[] bytes = mutated(stream(random), random);
      List<String> expected = new Slow(bytes).events();
      assertThat(new Ours().events(bytes, random))
          .describedAs("seed %d: %s", seed + i, Frames.hex(bytes))
          .isEqualTo(expected);
      broken += !expected.isEmpty() && expected.getLast().startsWith("broken") ? 1 : 0;
      messages += expected.size();
    }
    // It is no test where all is refused at once, or nothing ever.
    assertThat(broken).isBetween(1_200, 4_800);
    assertThat(messages).isGreaterThan(6_000);
  }

  /** What an endpoint makes of it: never a hang, always an end, and the server lives on. */
  @Test
  void livesOnWhateverComes() {
    WebSocketServer server =
        serve(
            options().withMaxPayload(MOST).withDeflate(DeflateOptions.defaults()),
            socket -> {
              socket.onError(error -> add(error.code()));
              socket.onMessage(socket::send);
            });
    for (int i = 0; i < 100; i++) {
      Random random = new Random(i);
      RawClient client =
          connect(server, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9");
      byte[] bytes = mutated(stream(random), random);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] |= 0x40;
      }
      client.send(bytes).end();
      client.rest();
      client.close();
    }
    assertThat(connect(server).send(Frames.text("still here")).text()).isEqualTo("still here");
    assertThat(events).isNotEmpty().allMatch(code -> code.startsWith("WS_ERR_"));
  }

  @Test
  void inflatesRubbishToAnErrorOrToABoundedMessage() {
    Deflate.Shared shared = new Deflate.Shared();
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      Random random = new Random(i);
      Deflate deflate =
          new Deflate(shared, new DeflateAgreement(i % 2 == 0, i % 2 == 0, 15, 0), 6, false);
      byte[] good = deflate.compress(BYTES.wrap(payload(random))).toByteArray();
      byte[] bytes = mutated(good, random);
      List<Message> messages = new ArrayList<>();
      MessageReader reader = new MessageReader(MOST, 10, deflate, messages::add);
      try {
        int cut = random.nextInt(bytes.length + 1);
        reader.begin(FrameReader.BINARY, true, true, bytes.length);
        if (cut < bytes.length) {
          reader.payload(bytes.clone(), 0, cut, false);
        }
        reader.payload(bytes.clone(), cut < bytes.length ? cut : 0, bytes.length, true);
        assertThat(messages).hasSize(1).allMatch(message -> message.length() <= MOST);
      } catch (ProtocolError error) {
        assertThat(error.closeCode()).isIn(1007, 1009);
        refused++;
      }
      deflate.end();
    }
    shared.end();
    assertThat(refused).isBetween(300, 2_700);
  }
}
