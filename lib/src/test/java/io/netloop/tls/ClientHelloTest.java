package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first message of a client, whole, in pieces, and wrong. */
class ClientHelloTest {
  /** What the JDK's client says. */
  static byte[] real(String name, String... protocols) {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(protocols);
      if (name != null) {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      }
      engine.setSSLParameters(parameters);
      ByteBuffer out = ByteBuffer.allocate(32 * 1024);
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } catch (NoSuchAlgorithmException | SSLException e) {
      throw new AssertionError(e);
    }
  }

  /** The same message in records of so many bytes. */
  private static byte[] cut(byte[] record, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 5; at < record.length; at += size) {
      int length = Math.min(size, record.length - at);
      out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
      out.write(record, at, length);
    }
    return out.toByteArray();
  }

  private static int missing(byte[] bytes, int length) {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes, 0, length);
    int missing = ClientHello.missing(buffer);
    assertThat(buffer.readableBytes()).isEqualTo(length);
    return missing;
  }

  @Test
  void theNameAndTheProtocolsAreRead() {
    byte[] hello = real("Some.Example.TEST", "h2", "http/1.1");

    assertThat(missing(hello, hello.length)).isZero();
    assertThat(ClientHello.read(Unpooled.wrappedBuffer(hello)))
        .isEqualTo(new ClientHello("some.example.test", List.of("h2", "http/1.1")));
    assertThat(ClientHello.read(Unpooled.wrappedBuffer(real(null))))
        .isEqualTo(new ClientHello(null, List.of()));
  }

  @Test
  void whereverItIsCutMoreIsWaitedFor() {
    byte[] hello = real("a.test", "http/1.1");

    for (int length = 0; length < hello.length; length++) {
      assertThat(missing(hello, length)).isGreaterThan(length).isLessThanOrEqualTo(hello.length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 100, 255})
  void itMayComeInSeveralRecords(int size) {
    byte[] hello = real("a.test", "http/1.1");
    byte[] records = cut(hello, size);

    for (int length = 0; length < records.length; length++) {
      assertThat(missing(records, length)).isGreaterThan(length);
    }
    assertThat(missing(records, records.length)).isZero();
    assertThat(ClientHello.read(Unpooled.wrappedBuffer(records)))
        .isEqualTo(new ClientHello("a.test", List.of("http/1.1")));
  }

  @Test
  void inTooManyRecordsItIsRefused() {
    byte[] records = cut(real("a.test", "http/1.1"), 3);

    refused(records, "ERR_SSL_EXCESSIVE_MESSAGE_SIZE", "comes in more than 32 records");
  }

  private static void refused(byte[] bytes, String code, String text) {
    assertThatThrownBy(() -> ClientHello.missing(Unpooled.wrappedBuffer(bytes)))
        .isInstanceOfSatisfying(NetException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource({
    "80,ERR_SSL_WRONG_VERSION_NUMBER,begins with the byte 0x80",
    "1500,ERR_SSL_WRONG_VERSION_NUMBER,begins with the byte 0x15",
    "1602,ERR_SSL_WRONG_VERSION_NUMBER,its version begins with 2",
    "1603010000,ERR_SSL_BAD_RECORD_LENGTH,it has 0 bytes",
    "1603014001,ERR_SSL_BAD_RECORD_LENGTH,it has 16385 bytes",
    "16030100040e000000,ERR_SSL_UNEXPECTED_MESSAGE,not with the handshake message 14",
    "160301000401020000,ERR_SSL_EXCESSIVE_MESSAGE_SIZE,says that it has 131072 bytes",
    "68656c6c6f,ERR_SSL_WRONG_VERSION_NUMBER,begins with the byte 0x68"
  })
  void whatIsNoHelloIsRefusedAtItsFirstWrongByte(String hex, String code, String text) {
    refused(HexFormat.of().parseHex(hex), code, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n", "POST /", "OPTIONS *", "G", "GET"})
  void plainHttpIsKnown(String text) {
    refused(text.getBytes(StandardCharsets.US_ASCII), "ERR_SSL_HTTP_REQUEST", "speaks plain HTTP");
  }

  @Test
  void wrongLengthsWithinAreRefusedAndNothingElseHappens() {
    byte[] hello = real("a.test", "h2", "http/1.1");
    Random random = new Random(42);

    for (int round = 0; round < 20_000; round++) {
      byte[] bent = hello.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        bent[9 + random.nextInt(bent.length - 9)] = (byte) random.nextInt();
      }
      try {
        ClientHello read = ClientHello.read(Unpooled.wrappedBuffer(bent));
        assertThat(read.protocols()).isNotNull();
      } catch (NetException refused) {
        assertThat(refused.code()).isEqualTo("ERR_SSL_DECODE_ERROR");
      }
    }
  }

  @Test
  void whatIsNoNameOfAHostIsNone() {
    byte[] hello = real("aXb.test");
    String text = new String(hello, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("aXb.test");

    for (char odd : "/ \0%\n\u00e9*".toCharArray()) {
      hello[at + 1] = (byte) odd;
      assertThat(ClientHello.read(Unpooled.wrappedBuffer(hello)).servername()).isNull();
    }
  }
}
