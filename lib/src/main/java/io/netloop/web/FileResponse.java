package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.http.Headers;
import io.netloop.http.HttpRequest;
import io.netloop.http.HttpResponse;
import io.netloop.loop.Buffer;
import io.netloop.web.ByteRanges.Part;
import io.netloop.web.FileTree.Coding;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request with one file: with all of it, with parts of it, or with what its conditions
 * say. Loop-confined.
 */
final class FileResponse {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  private final HttpRequest request;
  private final HttpResponse response;

  /** The same as applications see it, with what middleware has put in the way; or null. */
  private final @Nullable WebResponse web;

  private final StaticOptions options;
  private final FileEntry entry;

  FileResponse(
      HttpRequest request,
      HttpResponse response,
      @Nullable WebResponse web,
      StaticOptions options,
      FileEntry entry) {
    this.request = request;
    this.response = response;
    this.web = web;
    this.options = options;
    this.entry = entry;
  }

  /** Some of a body: bytes, or a part of the file. */
  sealed interface Segment {}

  record Bytes(Buffer data) implements Segment {}

  record FileBytes(Part part) implements Segment {}

  /**
   * Answers.
   *
   * @param coding what the entry's bytes are compressed by, or null
   */
  void send(@Nullable Coding coding) {
    options.headers().set(response, entry.path, entry.size);
    setHeaders(coding);
    if (response.statusCode() != 200) {
      sendWhole(); // A page of an error, say: conditions are about what is there.
      return;
    }
    Headers headers = request.headers();
    Object tag = response.getHeader("ETag");
    Instant modified = response.hasHeader("Last-Modified") ? entry.modified : null;
    Preconditions conditions =
        new Preconditions(headers, tag == null ? null : tag.toString(), modified);
    switch (conditions.verdict()) {
      case FAILED -> Answers.refuse(response, web, 412);
      case NOT_MODIFIED -> sendNotModified();
      case SEND -> sendAsked(conditions);
    }
  }

  private void setHeaders(@Nullable Coding coding) {
    if (options.acceptRanges()) {
      setIfAbsent("Accept-Ranges", "bytes");
    }
    String cacheControl = options.cacheControlValue();
    if (!cacheControl.isEmpty()) {
      setIfAbsent("Cache-Control", cacheControl);
    }
    if (options.lastModified()) {
      setIfAbsent("Last-Modified", entry.lastModified);
    }
    if (entry.etag != null) {
      setIfAbsent("ETag", entry.etag);
    }
    setIfAbsent("Content-Type", entry.contentType);
    if (coding != null) {
      response.setHeader("Content-Encoding", coding.token);
    }
  }

  private void setIfAbsent(String name, String value) {
    if (!response.hasHeader(name)) {
      response.setHeader(name, value);
    }
  }

  private void sendNotModified() {
    response.statusCode(304);
    for (String name : List.of("Content-Type", "Content-Encoding", "Content-Language")) {
      if (response.hasHeader(name)) {
        response.removeHeader(name);
      }
    }
    Answers.end(response, web);
  }

  private void sendAsked(Preconditions conditions) {
    boolean mayAsk = options.acceptRanges() && request.method().equals("GET");
    String range = mayAsk ? request.header("range") : null;
    if (range == null || !conditions.allowsRange()) {
      sendWhole();
      return;
    }
    List<Part> parts = ByteRanges.of(range, entry.size);
    if (parts == null) {
      sendWhole();
    } else if (parts.isEmpty()) {
      response.setHeader("Content-Range", "bytes */" + entry.size);
      Answers.refuse(response, web, 416);
    } else if (parts.size() == 1) {
      Part part = parts.getFirst();
      response.statusCode(206);
      response.setHeader("Content-Range", contentRange(part));
      send(part.length(), List.of(new FileBytes(part)));
    } else {
      sendParts(parts);
    }
  }

  private String contentRange(Part part) {
    return "bytes " + part.first() + "-" + part.last() + "/" + entry.size;
  }

  /** Several parts, each with headers of its own (RFC 9110 §14.6). */
  private void sendParts(List<Part> parts) {
    String boundary = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    String type = String.valueOf(response.getHeader("Content-Type"));
    List<Segment> segments = new ArrayList<>(2 * parts.size() + 1);
    long length = 0;
    String before = "--";
    for (Part part : parts) {
      Buffer head =
          Buffer.from(
              before
                  + boundary
                  + "\r\nContent-Type: "
                  + type
                  + "\r\nContent-Range: "
                  + contentRange(part)
                  + "\r\n\r\n");
      segments.add(new Bytes(head));
      segments.add(new FileBytes(part));
      length += head.length() + part.length();
      before = "\r\n--";
    }
    Buffer last = Buffer.from("\r\n--" + boundary + "--\r\n");
    segments.add(new Bytes(last));
    response.statusCode(206);
    response.setHeader("Content-Type", "multipart/byteranges; boundary=" + boundary);
    send(length + last.length(), segments);
  }

  private void sendWhole() {
    byte[] bytes = entry.bytes;
    if (bytes != null && !request.method().equals("HEAD")) {
      Answers.end(response, web, BYTES.wrap(bytes)); // The shortest way for what is asked for most.
      return;
    }
    send(entry.size, List.of(new FileBytes(new Part(0, entry.size - 1))));
  }

  private void send(long length, List<Segment> segments) {
    response.setHeader("Content-Length", length);
    if (request.method().equals("HEAD")) {
      Answers.end(response, web);
      return;
    }
    BodyFilter filter = web == null ? null : web.body().open(length);
    if (filter != null) {
      new FilePump(Objects.requireNonNull(web), entry, segments).start();
      return;
    }
    for (Segment segment : segments) {
      switch (segment) {
        case Bytes(Buffer data) -> response.write(data);
        case FileBytes(Part part) -> write(part);
      }
    }
    response.end();
  }

  private void write(Part part) {
    FileChannel file = entry.channel();
    if (file == null) {
      response.write(slice(entry, part));
    } else if (entry.retain()) {
      response.writeFile(file, part.first(), part.length(), failure -> entry.release());
    }
  }

  /** A part of an entry whose bytes are here. */
  static Buffer slice(FileEntry entry, Part part) {
    byte[] bytes = Objects.requireNonNull(entry.bytes);
    return BYTES.wrap(bytes, (int) part.first(), (int) part.length());
  }
}
