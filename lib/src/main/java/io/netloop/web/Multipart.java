package io.netloop.web;

import java.util.Objects;

/**
 * Reads forms with files (RFC 7578): fields into memory, files onto the disk, as they come and
 * within the limits. The files are deleted when the response is over.
 */
final class Multipart implements Middleware {
  private static final int MOST_BOUNDARY = 70;

  private final MultipartOptions options;
  private final Spool.Creation files;

  Multipart(MultipartOptions options) {
    this(options, Spool.in(options.directory()));
  }

  /** With another way to make files, for tests of disks that fail. */
  Multipart(MultipartOptions options, Spool.Creation files) {
    this.options = options;
    this.files = files;
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    if (request.bodyTaken() || !request.is("multipart/form-data")) {
      next.run();
      return;
    }
    MediaType type = Objects.requireNonNull(MediaType.parse(request.header("Content-Type")));
    String boundary = type.parameters().getOrDefault("boundary", "");
    if (boundary.isEmpty() || boundary.length() > MOST_BOUNDARY) {
      throw new WebException(
          400,
          "ERR_MULTIPART",
          "A form with files names a boundary of 1 to 70 characters in its Content-Type.");
    }
    if (request.headers().has("Content-Encoding")) {
      throw new WebException(
          415, "ERR_BODY_ENCODING", "A form with files can't be compressed as a whole.");
    }
    request.takeBody();
    new MultipartReading(request, boundary, options, files, next).start();
  }
}
