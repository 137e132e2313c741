package io.netloop.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Many who ask for one file, again and again. <i>Immutable.</i>
 *
 * @param wrk who asks
 * @param file what for: the last byte is one that no head has
 */
record FileLoad(Wrk wrk, Path file) implements HttpLoad {
  private static final byte LAST = '!';

  /** Makes a file of a length, unless it is there. */
  static Path file(Path folder, String name, int length) {
    Path file = folder.resolve(name);
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) 'x');
    content[length - 1] = LAST;
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file) || Files.size(file) != length) {
        Files.write(file, content);
      }
      return file;
    } catch (IOException e) {
      throw new IllegalStateException("The file to be served could not be made: " + file, e);
    }
  }

  @Override
  public Result run(int port, long nanos) throws IOException {
    return wrk.run(port, nanos);
  }

  @Override
  public Trials.Question question() {
    return (connections, from) -> HttpCheck.ask(connections, from, wrk.path(), LAST);
  }

  @Override
  public void check(int port) throws IOException {
    HttpCheck.file(port, wrk.path(), Files.readAllBytes(file));
  }
}
