package io.netloop.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that a client has sent with a form. It is kept on disk until the response is over, and
 * deleted then, unless it was moved. <i>Immutable.</i>
 *
 * @param field the name of the form's field
 * @param fileName what the client calls it: the last segment, without what no file system takes; it
 *     may be the name of anything, so look before you overwrite
 * @param contentType what the client says it is; it may be anything else
 * @param size in bytes
 * @param path where it is now
 * @see WebRequest#files
 */
public record Upload(String field, String fileName, String contentType, long size, Path path) {

  /**
   * Moves it to where it is to stay, in place of what is there. Takes its time: not for the loop,
   * but for a {@link Web#blocking blocking} handler.
   *
   * @return the target
   */
  public Path moveTo(Path target) throws IOException {
    return Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
  }
}
