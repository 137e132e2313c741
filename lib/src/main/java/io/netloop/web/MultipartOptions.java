package io.netloop.web;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is put up with in a form with files. More of anything is answered with 413, and what had
 * come is deleted. <i>Immutable.</i>
 *
 * @param directory where files are kept while the request lasts, which only the owner may read;
 *     null, the default, for the system's own
 * @param maxSize the most bytes of the whole body; 64 MiB by default
 * @param maxFileSize the most bytes of a file; 16 MiB by default
 * @param maxFiles the most files; 100 by default
 * @param maxFields the most fields that are no files; 1,000 by default
 * @param maxFieldBytes the most bytes of all those fields and their names; 1 MiB by default
 * @param maxHeaderSize the most bytes of the headers of a part; 8 KiB by default
 */
public record MultipartOptions(
    @Nullable Path directory,
    long maxSize,
    long maxFileSize,
    int maxFiles,
    int maxFields,
    int maxFieldBytes,
    int maxHeaderSize) {

  private static final int MIB = 1024 * 1024;

  private static final MultipartOptions DEFAULTS =
      new MultipartOptions(null, 64L * MIB, 16L * MIB, 100, 1000, MIB, 8 * 1024);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException for less than nothing
   */
  public MultipartOptions {
    check("maxSize", maxSize);
    check("maxFileSize", maxFileSize);
    check("maxFiles", maxFiles);
    check("maxFields", maxFields);
    check("maxFieldBytes", maxFieldBytes);
    check("maxHeaderSize", maxHeaderSize);
  }

  private static void check(String what, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(what + " is 0 or more, not " + limit + ".");
    }
  }

  /** 100 files of 16 MiB, 64 MiB in all. */
  public static MultipartOptions defaults() {
    return DEFAULTS;
  }

  public MultipartOptions withDirectory(@Nullable Path folder) {
    return new MultipartOptions(
        folder, maxSize, maxFileSize, maxFiles, maxFields, maxFieldBytes, maxHeaderSize);
  }

  public MultipartOptions withMaxSize(long bytes) {
    return new MultipartOptions(
        directory, bytes, maxFileSize, maxFiles, maxFields, maxFieldBytes, maxHeaderSize);
  }

  public MultipartOptions withMaxFileSize(long bytes) {
    return new MultipartOptions(
        directory, maxSize, bytes, maxFiles, maxFields, maxFieldBytes, maxHeaderSize);
  }

  public MultipartOptions withMaxFiles(int most) {
    return new MultipartOptions(
        directory, maxSize, maxFileSize, most, maxFields, maxFieldBytes, maxHeaderSize);
  }

  public MultipartOptions withMaxFields(int most) {
    return new MultipartOptions(
        directory, maxSize, maxFileSize, maxFiles, most, maxFieldBytes, maxHeaderSize);
  }

  public MultipartOptions withMaxFieldBytes(int bytes) {
    return new MultipartOptions(
        directory, maxSize, maxFileSize, maxFiles, maxFields, bytes, maxHeaderSize);
  }

  public MultipartOptions withMaxHeaderSize(int bytes) {
    return new MultipartOptions(
        directory, maxSize, maxFileSize, maxFiles, maxFields, maxFieldBytes, bytes);
  }
}
