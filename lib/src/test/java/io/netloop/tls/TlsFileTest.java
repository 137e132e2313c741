package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.web.StaticFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files on encrypted connections: they are read, since the system would send them in the clear. */
class TlsFileTest extends TlsTest {
  private static final int SIZE = 2_000_000;

  @TempDir private Path dir;

  private byte[] content(String name) throws IOException {
    byte[] content = new byte[SIZE];
    new Random(3).nextBytes(content);
    Files.write(dir.resolve(name), content);
    return content;
  }

  private static byte[] curl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "-S"));
    command.addAll(List.of(arguments));
    Process curl =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return curl.getInputStream().readAllBytes();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aFileArrivesBetweenTheBytesBeforeAndBehindIt(TlsProvider provider) throws IOException {
    byte[] content = content("a.bin");
    AtomicReference<String> told = new AtomicReference<>("");
    FileChannel file = FileChannel.open(dir.resolve("a.bin"));
    TlsServer server =
        listen(
            serverOptions(provider),
            socket -> {
              socket.write("before ");
              socket.writeFile(file, 100, SIZE - 200, failure -> told.set("unused " + failure));
              socket.write(" behind");
              socket.end();
            });
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    var client =
        connect(
            server,
            clientOptions(provider),
            socket -> socket.onData(data -> heard.writeBytes(data.toByteArray())));
    await().atMost(Duration.ofSeconds(30)).until(client::closed);

    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.writeBytes("before ".getBytes(StandardCharsets.UTF_8));
    sent.writeBytes(Arrays.copyOfRange(content, 100, SIZE - 100));
    sent.writeBytes(" behind".getBytes(StandardCharsets.UTF_8));
    assertThat(heard.toByteArray()).isEqualTo(sent.toByteArray());
    await().until(() -> told.get().equals("unused null"));
    file.close();
  }

  @Test
  void theFileServerWorksOverHttps() throws Exception {
    byte[] content = content("a.bin");
    HttpServer server =
        Https.createServer(serverOptions(TlsProvider.OPENSSL), StaticFiles.from(dir))
            .listen(0, "127.0.0.1");
    await().until(server::listening);
    String url = "https://127.0.0.1:" + server.address().port() + "/a.bin";
    assertThat(curl("-k", url)).isEqualTo(content);
    assertThat(curl("-k", "--http1.1", "-r", "1000-1999", url))
        .isEqualTo(Arrays.copyOfRange(content, 1000, 2000));
    server.closeAllConnections().close();
  }
}
