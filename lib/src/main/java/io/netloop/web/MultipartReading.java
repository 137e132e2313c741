package io.netloop.web;

import io.netloop.loop.Buffer;
import io.netloop.loop.CloseCause;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request's form with files, from its first byte to the handler. Loop-confined. */
final class MultipartReading implements MultipartParser.Sink {
  private final WebRequest request;
  private final MultipartOptions options;
  private final Next next;
  private final MultipartParser parser;
  private final Spool spool;
  private final Values.Builder fields = new Values.Builder();
  private final List<Upload> uploads = new ArrayList<>();
  private final Consumer<Buffer> onData = this::data;
  private final Runnable onEnd = this::ended;
  private final Consumer<CloseCause> onClose = cause -> lost();

  private @Nullable PartHead part;
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private long fileBytes;
  private long totalBytes;
  private int fieldBytes;
  private int fieldCount;
  private int fileCount;
  private boolean over;

  MultipartReading(
      WebRequest request,
      String boundary,
      MultipartOptions options,
      Spool.Creation files,
      Next next) {
    this.request = request;
    this.options = options;
    this.next = next;
    this.parser = new MultipartParser(boundary, options.maxHeaderSize(), this);
    this.spool = new Spool(files, this::couldNotWrite, request::resume);
  }

  void start() {
    if (BodyGathering.announcedLength(request) > options.maxSize()) {
      refuse(BodyGathering.tooLarge(options.maxSize()));
      return;
    }
    request.onData(onData).onEnd(onEnd).onClose(onClose);
    request
        .response()
        .raw()
        .onClose(cause -> {
          lost();
          spool.delete();
        });
  }

  private void data(Buffer data) {
    totalBytes += data.length();
    try {
      if (totalBytes > options.maxSize()) {
        throw BodyGathering.tooLarge(options.maxSize());
      }
      parser.feed(data);
    } catch (WebException wrong) {
      refuse(wrong);
      return;
    }
    if (spool.isFull()) {
      request.pause();
    }
  }

  @Override
  public void partBegins(PartHead head) {
    part = head;
    fileBytes = 0;
    if (head.fileName() == null) {
      check(++fieldCount, options.maxFields(), "fields");
      fieldBytes += head.name().length();
    } else {
      check(++fileCount, options.maxFiles(), "files");
      spool.begin();
    }
  }

  private static void check(long count, long limit, String what) {
    if (count > limit) {
      throw new WebException(
          413,
          "ERR_MULTIPART_TOO_LARGE",
          "The form has more %s than the limit of %d.".formatted(what, limit));
    }
  }

  @Override
  public void partData(Buffer data) {
    if (Objects.requireNonNull(part).fileName() == null) {
      fieldBytes += data.length();
      check(fieldBytes, options.maxFieldBytes(), "bytes in its fields");
      field.writeBytes(data.toByteArray());
    } else {
      fileBytes += data.length();
      check(fileBytes, options.maxFileSize(), "bytes in one file");
      spool.write(data);
    }
  }

  @Override
  public void partEnds() {
    PartHead head = Objects.requireNonNull(part);
    String fileName = head.fileName();
    if (fileName == null) {
      check(fieldBytes, options.maxFieldBytes(), "bytes in its fields");
      fields.add(head.name(), field.toString(StandardCharsets.UTF_8));
      field.reset();
    } else {
      long size = fileBytes;
      spool.end(
          path -> uploads.add(new Upload(head.name(), fileName, head.contentType(), size, path)));
    }
  }

  private void ended() {
    if (!parser.isComplete()) {
      refuse(
          new WebException(
              400, "ERR_MULTIPART", "The form ends before the boundary that closes it."));
      return;
    }
    request.off(onClose); // A request that was read is closed; the response tells of the client.
    spool.whenIdle(() -> {
      if (leave()) {
        request.body(fields.build());
        request.files(uploads);
        next.run();
      }
    });
  }

  private void couldNotWrite(Throwable failure) {
    boolean full = String.valueOf(failure.getMessage()).contains("No space left");
    refuse(
        new WebException(
            full ? 507 : 500,
            "ERR_UPLOAD_DISK",
            full
                ? "There is no room on the disk for the files of the form."
                : "The files of the form can't be kept.",
            failure));
  }

  private void lost() {
    refuse(
        new WebException(
            400, "ERR_BODY_ABORTED", "The connection was lost before the whole body had come."));
  }

  /** Deletes what has come; the rest is not read, the connection ends with the answer. */
  private void refuse(WebException why) {
    if (leave()) {
      spool.delete();
      request.response().raw().shouldKeepAlive(false);
      request.resume();
      next.fail(why);
    }
  }

  /** Once: nothing more is read. */
  private boolean leave() {
    boolean first = !over;
    over = true;
    request.off(onData).off(onEnd).off(onClose);
    return first;
  }
}
