package io.netloop.web;

import io.netloop.loop.Buffer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a path of a URL means below a directory. All of it asks the file system and blocks: it
 * is never called on a loop. What leads out of the directory is not there, and nothing but regular
 * files is ever opened. <i>Thread-safe.</i>
 */
final class FileTree {
  private static final Logger LOG = LoggerFactory.getLogger(FileTree.class);

  /** So many names of a directory are looked at, whether or not they are listed. */
  static final int MOST_LISTED = 10_000;

  private static final int MOST_TRIES = 3;

  private final Path root;
  private final StaticOptions options;

  FileTree(Path root, StaticOptions options) {
    this.root = root.toAbsolutePath();
    this.options = options;
  }

  /** What a path means. */
  sealed interface Found {}

  /** What answers requests, and may be kept for a moment for those that follow. */
  sealed interface Kept extends Found {
    /** One more user of it; false where it is not open any more. */
    boolean retain();

    /** Lets go of it. */
    void release();

    /** How many descriptors are open for it. */
    int openFiles();

    int keptBytes();
  }

  /** A file, in the forms that there are of it. */
  record Forms(FileEntry plain, List<Compressed> compressed) implements Kept {
    @Override
    public boolean retain() {
      if (!plain.retain()) {
        return false;
      }
      for (int i = 0; i < compressed.size(); i++) {
        if (!compressed.get(i).entry.retain()) {
          compressed.subList(0, i).forEach(form -> form.entry.release());
          plain.release();
          return false;
        }
      }
      return true;
    }

    /**
     * The form that a client likes best; the plain one where it says nothing.
     *
     * @param accepted the value of {@code Accept-Encoding}, or null
     */
    Form best(@Nullable String accepted) {
      if (accepted != null && !compressed.isEmpty()) {
        List<String> tokens = compressed.stream().map(form -> form.coding.token).toList();
        String best = Accept.encodingByOurs(accepted, tokens);
        for (Compressed form : compressed) {
          if (form.coding.token.equals(best)) {
            return new Form(form.entry, form.coding);
          }
        }
      }
      return new Form(plain, null);
    }

    @Override
    public void release() {
      plain.release();
      compressed.forEach(form -> form.entry.release());
    }

    @Override
    public int openFiles() {
      int open = plain.isOpen() ? 1 : 0;
      for (Compressed form : compressed) {
        open += form.entry.isOpen() ? 1 : 0;
      }
      return open;
    }

    @Override
    public int keptBytes() {
      int bytes = plain.keptBytes();
      for (Compressed form : compressed) {
        bytes += form.entry.keptBytes();
      }
      return bytes;
    }
  }

  /** A file that holds another one. */
  record Compressed(Coding coding, FileEntry entry) {}

  /** What is sent; the coding is null where it is not compressed. */
  record Form(FileEntry entry, @Nullable Coding coding) {}

  /** A directory without the slash at its end. */
  record Directory() implements Found {}

  /** The names in a directory, as they are sent: as a page, or as JSON. */
  record Listing(Buffer page, Buffer json) implements Kept {
    @Override
    public boolean retain() {
      return true;
    }

    @Override
    public void release() {
      // It is memory only.
    }

    @Override
    public int openFiles() {
      return 0;
    }

    @Override
    public int keptBytes() {
      return page.length() + json.length();
    }
  }

  /** One name in a directory; the size is that of a file. */
  record Item(String name, boolean directory, long size, long modifiedMillis) {}

  /** Nothing that may be sent. */
  record Missing(int status) implements Found {}

  /** What files are compressed by, the most welcome first where a client takes several. */
  enum Coding {
    BR("br", ".br"),
    ZSTD("zstd", ".zst"),
    GZIP("gzip", ".gz");

    /** As it is called in headers. */
    final String token;

    private final String ending;

    Coding(String token, String ending) {
      this.token = token;
      this.ending = ending;
    }
  }

  /**
   * Looks for a path. The caller has to release what forms are found.
   *
   * @param before what was found the last time: where it is still the same, it is found again
   */
  Found find(UrlPath path, @Nullable Forms before) {
    if (path.refused() != 0) {
      return new Missing(path.refused());
    }
    if (options.dotFiles() != DotFiles.ALLOW && path.hasDotName()) {
      return new Missing(options.dotFiles() == DotFiles.DENY ? 403 : 404);
    }
    try {
      return findOnDisk(path, before);
    } catch (InvalidPathException noName) {
      return new Missing(404); // The system has no files of such names.
    } catch (IOException failure) {
      return new Missing(statusOf(failure));
    }
  }

  private static int statusOf(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return 404;
    }
    if (failure instanceof AccessDeniedException) {
      return 403;
    }
    String reason = failure instanceof FileSystemException system ? system.getReason() : null;
    if (reason != null
        && (reason.contains("Not a directory")
            || reason.contains("name too long")
            || reason.contains("symbolic links"))) {
      return 404;
    }
    LOG.warn("A file could not be served: {}", failure.toString());
    return 500;
  }

  private Found findOnDisk(UrlPath path, @Nullable Forms before) throws IOException {
    Path top = root.toRealPath();
    Path asked = top;
    for (String name : path.names()) {
      asked = asked.resolve(name);
    }
    Path real = realPath(top, asked);
    if (real == null) {
      return path.slash() || path.last().indexOf('.') >= 0
          ? new Missing(404)
          : withExtension(top, asked, before);
    }
    BasicFileAttributes attributes = FileEntry.look(real);
    if (attributes.isDirectory()) {
      if (path.slash()) {
        return inDirectory(top, real, path, before);
      }
      return options.redirect() ? new Directory() : new Missing(404);
    }
    boolean isFile = attributes.isRegularFile() && !path.slash();
    return isFile ? forms(top, real, attributes, before) : new Missing(404);
  }

  /** Where a path leads, or null where nothing is there, or it leads out. */
  private @Nullable Path realPath(Path top, Path asked) throws IOException {
    Path real;
    try {
      real = asked.toRealPath();
    } catch (NoSuchFileException missing) {
      return null;
    }
    return options.followSymlinks() || real.startsWith(top) ? real : null;
  }

  private Found withExtension(Path top, Path asked, @Nullable Forms before) throws IOException {
    for (String extension : options.extensions()) {
      Path real = realPath(top, asked.resolveSibling(asked.getFileName() + "." + extension));
      BasicFileAttributes attributes = real == null ? null : FileEntry.look(real);
      if (real != null && attributes != null && attributes.isRegularFile()) {
        return forms(top, real, attributes, before);
      }
    }
    return new Missing(404);
  }

  private Found inDirectory(Path top, Path directory, UrlPath path, @Nullable Forms before)
      throws IOException {
    for (String index : options.index()) {
      Path real = realPath(top, directory.resolve(index));
      BasicFileAttributes attributes = real == null ? null : FileEntry.look(real);
      if (real != null && attributes != null && attributes.isRegularFile()) {
        return forms(top, real, attributes, before);
      }
    }
    return options.listing() ? list(top, directory, path) : new Missing(404);
  }

  // Files

  private Forms forms(Path top, Path real, BasicFileAttributes found, @Nullable Forms before)
      throws IOException {
    String type = MimeTypes.contentType(String.valueOf(real.getFileName()), options.charset());
    FileEntry plain = open(real, found, type, before == null ? null : before.plain);
    List<Compressed> compressed = List.of();
    if (options.precompressed()) {
      compressed = new ArrayList<>(Coding.values().length);
      for (Coding coding : Coding.values()) {
        FileEntry entry = compressed(top, real, coding, type, before);
        if (entry != null) {
          compressed.add(new Compressed(coding, entry));
        }
      }
    }
    return new Forms(plain, compressed);
  }

  private @Nullable FileEntry compressed(
      Path top, Path plain, Coding coding, String type, @Nullable Forms before) {
    try {
      Path real = realPath(top, plain.resolveSibling(plain.getFileName() + coding.ending));
      BasicFileAttributes attributes = real == null ? null : FileEntry.look(real);
      if (real == null || attributes == null || !attributes.isRegularFile()) {
        return null;
      }
      FileEntry known = null;
      if (before != null) {
        for (Compressed form : before.compressed) {
          known = form.coding == coding ? form.entry : known;
        }
      }
      return open(real, attributes, type, known);
    } catch (IOException unreadable) {
      LOG.debug("A form in {} is not served: {}", coding.token, unreadable.toString());
      return null;
    }
  }

  /** The file as it is now; one that changes under our eyes is looked at again. */
  private FileEntry open(
      Path real, BasicFileAttributes found, String type, @Nullable FileEntry before)
      throws IOException {
    BasicFileAttributes attributes = found;
    if (before != null && before.isSame(real, attributes) && before.retain()) {
      return before;
    }
    for (int tries = 1; ; tries++) {
      try {
        return FileEntry.open(real, attributes, type, options.entityTags());
      } catch (FileEntry.FileChanged changed) {
        if (tries == MOST_TRIES) {
          throw changed;
        }
        attributes = FileEntry.look(real);
        if (!attributes.isRegularFile()) {
          throw new NoSuchFileException(real.toString());
        }
      }
    }
  }

  // Directories

  /** With the pages: what takes time is done here, and not on a loop. */
  private Listing list(Path top, Path directory, UrlPath path) throws IOException {
    List<Item> items = new ArrayList<>();
    int looked = 0;
    boolean more = false;
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
      for (Path each : names) {
        if (looked++ == MOST_LISTED) {
          more = true;
          break;
        }
        Item item = item(top, each);
        if (item != null) {
          items.add(item);
        }
      }
    }
    items.sort((a, b) ->
        a.directory != b.directory
            ? Boolean.compare(b.directory, a.directory)
            : a.name.compareTo(b.name));
    return DirectoryPage.of(items, path, directory.equals(top), more);
  }

  /** What is told of a name, or null of one that is not served. */
  private @Nullable Item item(Path top, Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.startsWith(".") && options.dotFiles() != DotFiles.ALLOW) {
      return null;
    }
    try {
      Path real = realPath(top, path);
      BasicFileAttributes attributes = real == null ? null : FileEntry.look(real);
      if (attributes == null || !(attributes.isDirectory() || attributes.isRegularFile())) {
        return null;
      }
      long modified = attributes.lastModifiedTime().toMillis();
      return new Item(name, attributes.isDirectory(), attributes.size(), modified);
    } catch (IOException gone) {
      return null;
    }
  }
}
