package io.netloop.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of static files need: a directory with files of a known age. */
abstract class StaticTest extends WebTest {
  /** When all files of the tests were changed last. */
  static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05Z");

  static final String CHANGED_TEXT = "Fri, 02 Jan 2026 03:04:05 GMT";
  static final StaticOptions PLAIN = StaticOptions.defaults();

  @TempDir Path dir;

  /** What is served, below the directory of the test. */
  Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(dir.resolve("root"));
  }

  /** A file below the root; with its directories. */
  Path file(String name, String content) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(CHANGED));
    return path;
  }

  /** A file of zeros, which takes no room on the disk. */
  Path sparse(String name, long length) throws IOException {
    Path path = file(name, "");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), length - 1);
    }
    Files.setLastModifiedTime(path, FileTime.from(CHANGED));
    return path;
  }

  void serve(StaticOptions options) {
    app.use(StaticFiles.from(root, options));
  }

  /** The next answer on a connection that is kept, by its length. */
  static Answer next(Socket socket) throws IOException {
    Answer head = nextHead(socket);
    String length = head.header("Content-Length");
    InputStream in = socket.getInputStream();
    byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
    return Answer.parse(head.raw() + new String(body, StandardCharsets.ISO_8859_1));
  }

  /** The same of an answer without a body, whatever it says of its length. */
  static Answer nextHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new AssertionError("It ended in the middle of a head: " + head);
      }
      head.append((char) c);
    }
    return Answer.parse(head.toString());
  }

  Answer head(String target, String... lines) throws IOException {
    return ask("HEAD", target, "", lines);
  }
}
