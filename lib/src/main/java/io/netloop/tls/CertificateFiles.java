package io.netloop.tls;

import io.netloop.engine.Clock;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key and certificates in files, which are read again when they change. What is then no usable
 * pair is logged once, and the old one goes on; it is tried again each minute or so, since rights,
 * clocks and file systems come right without a change of the file.
 */
final class CertificateFiles implements CertificateSource, FileWatch.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

  /** After how many looks a failure is tried again: a minute, see {@link FileWatch}. */
  static final int LOOKS_PER_TRY = 150;

  /** What tells one state of a file from another; the key is the inode, where there are such. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {
    static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

    static Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
      } catch (IOException gone) {
        return NONE;
      }
    }
  }

  private final List<Path> files;
  private final Supplier<KeyAndChain> reader;
  private final Clock clock;
  private volatile KeyAndChain current;
  private volatile boolean anew;

  /** The state that was last read, well or not. Only who looks has these four. */
  private List<Stamp> read;

  private List<Stamp> seen;
  private String complaint = "";
  private int looksSinceFailure;

  private CertificateFiles(List<Path> files, Supplier<KeyAndChain> reader, Clock clock) {
    this.files = files;
    this.reader = reader;
    this.clock = clock;
    this.read = stamps();
    this.seen = read;
    this.current = readNow();
  }

  /**
   * Reads both, and keeps looking at them.
   *
   * @throws NetException as {@link KeyAndChain#read(Path, Path, String)}, and {@code
   *     CERT_HAS_EXPIRED} or {@code CERT_NOT_YET_VALID}
   */
  static CertificateFiles pem(Path chain, Path key, @Nullable String passphrase) {
    return watched(unwatched(chain, key, passphrase));
  }

  /** As {@link #pem}, but it only looks when it is told to. */
  static CertificateFiles unwatched(Path chain, Path key, @Nullable String passphrase) {
    return new CertificateFiles(
        List.of(chain, key), () -> KeyAndChain.read(chain, key, passphrase), Clock.SYSTEM);
  }

  /** As {@link #pem}, from one PKCS#12 file. */
  static CertificateFiles pfx(Path file, @Nullable String passphrase) {
    return watched(
        new CertificateFiles(
            List.of(file), () -> KeyAndChain.readPfx(file, passphrase), Clock.SYSTEM));
  }

  private static CertificateFiles watched(CertificateFiles source) {
    FileWatch.shared().add(source);
    return source;
  }

  @Override
  public KeyAndChain current() {
    return current;
  }

  /** Reads the files at the next look, changed or not. */
  @Override
  public void renew() {
    anew = true;
  }

  @Override
  public void close() {
    FileWatch.shared().remove(this);
  }

  /** A file that changes may be half written: it is read when it has rested for one look. */
  @Override
  public void look() {
    List<Stamp> now = stamps();
    boolean rested = now.equals(seen);
    seen = now;
    if (!rested || (now.equals(read) && !anew && !isToTryAgain())) {
      return;
    }
    anew = false;
    KeyAndChain fresh = null;
    String failure = "";
    String kind = "";
    try {
      fresh = readNow();
    } catch (RuntimeException broken) {
      failure = String.valueOf(broken.getMessage());
      // Sentences about the time tell the time, too: another each time.
      kind =
          broken instanceof NetException known && known.code().startsWith("CERT_")
              ? known.code()
              : failure;
    }
    // What changed while it was read is read again, after it has rested.
    if (stamps().equals(now)) {
      read = now;
      looksSinceFailure = 0;
      take(fresh, failure, kind);
    }
  }

  private boolean isToTryAgain() {
    return !complaint.isEmpty() && ++looksSinceFailure >= LOOKS_PER_TRY;
  }

  private void take(@Nullable KeyAndChain fresh, String failure, String kind) {
    if (fresh != null) {
      current = fresh;
      complaint = "";
      LOG.info(
          "The certificate in {} is a new one, for {}, until {}.",
          files.getFirst(),
          String.join(", ", fresh.names()),
          fresh.notAfter());
    } else if (!kind.equals(complaint)) {
      complaint = kind;
      LOG.warn(
          "The certificate files have changed and can't be used; the old certificate goes on, until"
              + " {}. {}",
          current.notAfter(),
          failure);
    }
  }

  private KeyAndChain readNow() {
    return reader
        .get()
        .holdsAt(Instant.ofEpochMilli(clock.epochMillis()), files.getFirst().toString());
  }

  private List<Stamp> stamps() {
    List<Stamp> stamps = new ArrayList<>(files.size());
    for (Path file : files) {
      stamps.add(Stamp.of(file));
    }
    return stamps;
  }
}
