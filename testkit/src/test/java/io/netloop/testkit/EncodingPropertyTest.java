package io.netloop.testkit;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** However the network cuts the bytes, a socket with an encoding delivers the same text. */
class EncodingPropertyTest {
  private static final List<String> OF_TEXT = List.of("utf8", "utf16le");
  private static final List<String> OF_BYTES =
      List.of("latin1", "ascii", "hex", "base64", "base64url");

  @Test
  void deliversTheTextWholeHoweverItIsCut() throws Exception {
    Property.holds("encoding", EncodingPropertyTest::run);
  }

  private static void run(long seed) throws Exception {
    try (Scene scene = new Scene(seed)) {
      SplittableRandom random = scene.random;
      boolean isText = random.nextBoolean();
      List<String> encodings = isText ? OF_TEXT : OF_BYTES;
      String encoding = encodings.get(random.nextInt(encodings.size()));
      List<Buffer> parts = new ArrayList<>();
      for (int i = random.nextInt(1, 20); i > 0; i--) {
        parts.add(isText ? Buffer.from(text(random), encoding) : bytes(random));
      }
      StringBuilder received = new StringBuilder();
      CompletableFuture<Void> over = new CompletableFuture<>();
      int port =
          scene.listen(
              TcpOptions.defaults(),
              socket ->
                  socket
                      .setEncoding(encoding)
                      .onData(piece -> received.append(piece))
                      .onClose(cause -> over.complete(null)));
      int at = scene.proxy(port, scene.faults(false));
      scene.onLoop(() -> {
        TcpSocket client = scene.connect(at, TcpOptions.defaults().withNoDelay(true));
        parts.forEach(client::write);
        client.end();
      });
      over.get(20, TimeUnit.SECONDS);
      String due = Buffer.concat(parts).toString(encoding);
      scene.check(
          received.toString().equals(due),
          "in %s, received %d characters of %d, the first wrong one is number %d"
              .formatted(encoding, received.length(), due.length(), firstWrong(received, due)));
      scene.judge();
    }
  }

  private static int firstWrong(CharSequence received, String due) {
    int i = 0;
    while (i < received.length() && i < due.length() && received.charAt(i) == due.charAt(i)) {
      i++;
    }
    return i;
  }

  /** Characters of one to four bytes. */
  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(400); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1, 0x80);
            case 1 -> random.nextInt(0x80, 0x800);
            case 2 -> random.nextInt(0x800, 0xD800);
            default -> random.nextInt(0x10000, 0x110000);
          });
    }
    return text.toString();
  }

  private static Buffer bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(1000)];
    random.nextBytes(bytes);
    return Buffer.from(bytes);
  }
}
