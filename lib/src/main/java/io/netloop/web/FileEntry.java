package io.netloop.web;

import io.netloop.engine.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was when it was looked at, ready to be sent: its headers, and its bytes where they
 * are few, else the open file. Who has one uses it until {@link #release}. <i>Thread-safe.</i>
 */
final class FileEntry {
  /**
   * Up to this size a file is kept in memory: that is quicker than to ask the system to send it.
   */
  static final int SMALL_BYTES = 32 * 1024;

  /** Coarser than any file system's dates. */
  private static final int YOUNG_MILLIS = 2_000;

  /** Up to this size a strong tag is worth the reading. */
  private static final long MOST_HASHED_BYTES = 16 << 20;

  final Path path;
  final long size;
  final String contentType;
  final @Nullable String etag;
  final String lastModified;

  /** When it was changed, in whole seconds. */
  final Instant modified;

  private final BasicFileAttributes attributes;

  /** Whether it was changed so lately that another change may have the same date. */
  private final boolean young;

  /** One of both. */
  final byte @Nullable [] bytes;

  private final @Nullable OpenFile file;

  private FileEntry(
      Path path,
      BasicFileAttributes attributes,
      String contentType,
      @Nullable String etag,
      byte @Nullable [] bytes,
      @Nullable OpenFile file) {
    this.path = path;
    this.attributes = attributes;
    this.size = attributes.size();
    this.young =
        Clock.SYSTEM.epochMillis() - attributes.lastModifiedTime().toMillis() < YOUNG_MILLIS;
    this.contentType = contentType;
    this.etag = etag;
    this.modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
    this.lastModified = HttpDate.text(modified);
    this.bytes = bytes;
    this.file = file;
  }

  /**
   * Opens a regular file, which is no link; blocks.
   *
   * @param attributes what was found before it was opened
   */
  static FileEntry open(
      Path path, BasicFileAttributes attributes, String contentType, EntityTags tags)
      throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    boolean kept = false;
    try {
      long size = attributes.size();
      String etag = tag(channel, attributes, tags);
      if (size <= SMALL_BYTES) {
        byte[] bytes = read(channel, (int) size);
        return new FileEntry(path, attributes, contentType, etag, bytes, null);
      }
      kept = true;
      return new FileEntry(path, attributes, contentType, etag, null, new OpenFile(channel));
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static byte[] read(FileChannel channel, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, bytes.position()) < 0) {
        throw new FileChanged();
      }
    }
    return bytes.array();
  }

  private static @Nullable String tag(
      FileChannel channel, BasicFileAttributes attributes, EntityTags tags) throws IOException {
    return switch (tags) {
      case NONE -> null;
      case WEAK -> weakTag(attributes);
      case STRONG ->
          attributes.size() <= MOST_HASHED_BYTES
              ? strongTag(channel, attributes.size())
              : weakTag(attributes);
    };
  }

  private static String weakTag(BasicFileAttributes attributes) {
    return "W/\"%x-%x\"".formatted(attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private static String strongTag(FileChannel channel, long size) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer block = ByteBuffer.allocate(64 * 1024);
      long at = 0;
      while (at < size) {
        int length = channel.read(block.clear(), at);
        if (length < 0) {
          throw new FileChanged();
        }
        digest.update(block.flip());
        at += length;
      }
      return '"' + HexFormat.of().formatHex(digest.digest(), 0, 16) + '"';
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The file was changed while it was looked at. */
  static final class FileChanged extends IOException {
    private static final long serialVersionUID = 1L;

    FileChanged() {
      super("The file was changed while it was read.");
    }
  }

  /** Whether a file of this path that looks like this is still the same. */
  boolean isSame(Path at, BasicFileAttributes now) {
    return !young
        && path.equals(at)
        && size == now.size()
        && attributes.lastModifiedTime().equals(now.lastModifiedTime())
        && Objects.equals(attributes.fileKey(), now.fileKey());
  }

  /** What is known of a file, of which links are not followed. */
  static BasicFileAttributes look(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** The open file; where there is none, the bytes are here. */
  @Nullable FileChannel channel() {
    return file == null ? null : file.channel();
  }

  /** Whether a descriptor is open for it. */
  boolean isOpen() {
    return file != null;
  }

  /** What it takes of memory while it is kept. */
  int keptBytes() {
    return bytes == null ? 0 : bytes.length;
  }

  boolean retain() {
    return file == null || file.retain();
  }

  void release() {
    if (file != null) {
      file.release();
    }
  }
}
