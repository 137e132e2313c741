package io.netloop.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.engine.SpareArray;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Fields, compressed and decompressed, against Netty's other half and the examples of RFC 7541. */
class HpackTest {
  private final HpackWriter hpack = new HpackWriter();

  private static byte[] take(HeadWriter writer) {
    return writer.copyFrom(0);
  }

  private byte[] block(String... fields) {
    HeadWriter to = new HeadWriter(new SpareArray());
    hpack.begin(to);
    for (int i = 0; i < fields.length; i += 2) {
      hpack.field(to, fields[i], fields[i + 1]);
    }
    return take(to);
  }

  // What we write

  @Test
  void sendsWhatRepeatsAsOneByte() {
    assertThat(block("content-type", "text/plain", "x-own", "value")).hasSizeGreaterThan(20);

    assertThat(block("content-type", "text/plain", "x-own", "value")).hasSize(2);
  }

  @Test
  void knowsTheUsualStatusesByOneByte() {
    HeadWriter to = new HeadWriter(new SpareArray());
    for (int status : new int[] {200, 204, 206, 304, 400, 404, 500}) {
      hpack.status(to, status);
    }
    assertThat(HexFormat.of().formatHex(take(to))).isEqualTo("88898a8b8c8d8e");

    to = new HeadWriter(new SpareArray());
    hpack.status(to, 418);
    assertThat(HexFormat.of().formatHex(take(to))).isEqualTo("0803343138");
  }

  @Test
  void neverHasASecretKept() {
    assertThat(block("authorization", "Basic x")[0] & 0xf0).isEqualTo(0x10);
    assertThat(block("authorization", "Basic x")).hasSizeGreaterThan(8);
    assertThat(block("set-cookie", "a=b")[0] & 0xf0).isEqualTo(0x10);
  }

  @Test
  void isReadByNettysDecoder() throws Exception {
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    SplittableRandom random = new SplittableRandom(7);
    String[] names = {"content-type", "x-a", "x-b", "server", "etag", "cache-control", "x-long"};
    for (int round = 0; round < 20_000; round++) {
      if (random.nextInt(200) == 0) {
        hpack.maxTableBytes(random.nextInt(5000));
        if (random.nextBoolean()) {
          hpack.maxTableBytes(random.nextInt(5000));
        }
      }
      String[] fields = new String[2 * random.nextInt(1, 6)];
      List<String> wanted = new ArrayList<>();
      for (int i = 0; i < fields.length; i += 2) {
        fields[i] = names[random.nextInt(names.length)];
        int kind = random.nextInt(10);
        fields[i + 1] =
            kind == 0 ? "y".repeat(random.nextInt(2000)) : "value " + random.nextInt(40);
      }
      byte[] bytes = block(fields);
      Http2Headers read = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(bytes));
      List<String> found = new ArrayList<>();
      for (int i = 0; i < fields.length; i += 2) {
        wanted.add(fields[i] + ": " + fields[i + 1]);
      }
      read.forEach(field -> found.add(field.getKey() + ": " + field.getValue()));
      assertThat(found).describedAs("round %d", round).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  void saysAtTheBeginOfABlockThatItsTableHasChanged() {
    hpack.maxTableBytes(0);
    hpack.maxTableBytes(100);

    assertThat(HexFormat.of().formatHex(block("x", "y"))).startsWith("203f45");
    assertThat(HexFormat.of().formatHex(block("x", "y"))).doesNotStartWith("20");
  }

  @Test
  void usesNoMoreOfTheTableThanItIsAllowed() throws Exception {
    hpack.maxTableBytes(0);
    block("x-own", "value");

    assertThat(block("x-own", "value")).hasSizeGreaterThan(5);
  }

  // What we read

  private static FieldBlock read(HpackReader reader, String hex) throws Http2Error {
    byte[] block = HexFormat.of().parseHex(hex.replace(" ", ""));
    return reader.read(1, block, 0, block.length);
  }

  /** RFC 7541, C.4: requests with Huffman code, over one connection. */
  @Test
  void readsTheExamplesOfTheStandard() throws Exception {
    HpackReader reader = new HpackReader(16_384, 100);

    FieldBlock first = read(reader, "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff");
    assertThat(first.method + " " + first.scheme + " " + first.authority)
        .isEqualTo("GET http www.example.com");
    assertThat(first.headers.toMap()).containsExactly(Map.entry("host", "www.example.com"));
    FieldBlock second = read(reader, "8286 84be 5886 a8eb 1064 9cbf");
    assertThat(second.headers.get("cache-control")).isEqualTo("no-cache");
    FieldBlock third = read(reader, "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf");
    assertThat(third.scheme).isEqualTo("https");
    assertThat(new String(third.bytes, third.pathFrom, third.pathTo - third.pathFrom, US_ASCII))
        .isEqualTo("/index.html");
    assertThat(third.headers.get("custom-key")).isEqualTo("custom-value");
  }

  @Test
  void readsABlockOfReferencesThatComesAgainAsTheSame() throws Exception {
    HpackReader reader = new HpackReader(16_384, 100);
    FieldBlock first = read(reader, "828684 4101 68");
    FieldBlock second = read(reader, "828684 be");
    assertThat(second).isNotSameAs(first);

    assertThat(read(reader, "828684 be")).isSameAs(second);
    assertThat(read(reader, "828684 4101 69").authority).isEqualTo("i");
    FieldBlock changed = read(reader, "828684 be");
    assertThat(changed.authority).isEqualTo("i");
    assertThat(read(reader, "828684 bf").authority).isEqualTo("h");
  }

  @Test
  void readsWhatNettysEncoderWrites() throws Exception {
    DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    HpackReader reader = new HpackReader(1 << 20, 100);
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 5_000; round++) {
      Http2Headers headers = new DefaultHttp2Headers();
      headers.method("GET").scheme("http").path("/" + random.nextInt(50)).authority("h.test");
      List<String> wanted = new ArrayList<>(List.of("host", "h.test"));
      for (int i = random.nextInt(4); i > 0; i--) {
        String name = "x-" + random.nextInt(20);
        String value = "v".repeat(random.nextInt(30)) + random.nextInt(10);
        if (!headers.contains(name)) {
          headers.add(name, value);
          wanted.add(name);
          wanted.add(value);
        }
      }
      ByteBuf out = Unpooled.buffer();
      encoder.encodeHeaders(1, headers, out);
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);

      FieldBlock read = reader.read(1, bytes, 0, bytes.length);

      assertThat(read.wrongRequest()).isNull();
      assertThat(read.headers.raw()).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  void countsWhatIsTooMuchAndReadsOn() throws Exception {
    HpackReader reader = new HpackReader(200, 100);
    String large = "40 01 61 7f 81 01" + "62".repeat(256);

    assertThat(read(reader, "828684" + large).tooLarge).isTrue();
    assertThat(read(reader, "828684 4101 68").tooLarge).isFalse();
    // What was too much has gone into the table all the same.
    assertThat(read(reader, "828684 be bf").tooLarge).isTrue();
  }

  @Test
  void throwsWhereThereIsNothingToReadOn() {
    HpackReader reader = new HpackReader(200, 100);

    assertThatThrownBy(() -> read(reader, "be"))
        .isInstanceOfSatisfying(
            Http2Error.class,
            error -> assertThat(error.code()).isEqualTo(Http2Code.COMPRESSION_ERROR));
  }
}
