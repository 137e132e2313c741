package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses one body, part by part. One thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1">RFC 9110 §8.4.1</a>
 */
final class Encoder {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** Those that there are, the one first that is used where a client likes several as much. */
  static final List<String> CODINGS = codings();

  private static final int PART = 8 * 1024;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
  private final OutputStream coding;
  private @Nullable PooledDeflater deflater;
  private boolean closed;

  Encoder(String name, CompressionOptions options) {
    try {
      coding =
          switch (name) {
            case "br" -> Brotli.compressing(out, options.brotliQuality());
            case "zstd" -> Zstd.compressing(out, options.zstdLevel());
            case "gzip" -> new Gzip(out, take(options.level(), true));
            default -> new DeflaterOutputStream(out, take(options.level(), false).raw, PART, true);
          };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> codings() {
    List<String> all = new ArrayList<>();
    if (Brotli.isThere()) {
      all.add("br");
    }
    if (Zstd.isThere()) {
      all.add("zstd");
    }
    all.add("gzip");
    all.add("deflate");
    return List.copyOf(all);
  }

  private PooledDeflater take(int level, boolean bare) {
    PooledDeflater taken = PooledDeflater.take(level, bare);
    deflater = taken;
    return taken;
  }

  /** Takes a part in; what comes out with it may be nothing. */
  Buffer encode(Buffer data) {
    try {
      coding.write(BYTES.array(data), BYTES.offset(data), data.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return taken();
  }

  /** What is needed to read all that was taken in so far. */
  Buffer flush() {
    try {
      coding.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return taken();
  }

  /** The last of it. */
  Buffer finish() {
    close();
    return taken();
  }

  /** Gives back what it holds; nothing where that was done. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      coding.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      PooledDeflater mine = deflater;
      deflater = null;
      if (mine != null) {
        mine.giveBack();
      }
    }
  }

  private Buffer taken() {
    if (out.size() == 0) {
      return Buffer.empty();
    }
    Buffer taken = BYTES.wrap(out.toByteArray());
    out.reset();
    return taken;
  }

  /** To make a deflater takes longer than to compress a small body: a few are kept. */
  private static final class PooledDeflater {
    private static final int MOST_KEPT = 32;
    private static final ConcurrentLinkedQueue<PooledDeflater> KEPT = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger SIZE = new AtomicInteger();

    final Deflater raw;
    private final int level;
    private final boolean bare;

    private PooledDeflater(int level, boolean bare) {
      this.level = level;
      this.bare = bare;
      this.raw = new Deflater(level, bare);
    }

    static PooledDeflater take(int level, boolean bare) {
      PooledDeflater kept = KEPT.poll();
      if (kept != null) {
        SIZE.decrementAndGet();
        if (kept.level == level && kept.bare == bare) {
          return kept;
        }
        kept.raw.end();
      }
      return new PooledDeflater(level, bare);
    }

    void giveBack() {
      if (SIZE.incrementAndGet() <= MOST_KEPT) {
        raw.reset();
        KEPT.add(this);
      } else {
        SIZE.decrementAndGet();
        raw.end();
      }
    }
  }

  /** The form of RFC 1952 around what a deflater makes. */
  private static final class Gzip extends DeflaterOutputStream {
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, -1};

    private final CRC32 sum = new CRC32();
    private boolean closed;

    Gzip(OutputStream out, PooledDeflater deflater) throws IOException {
      super(out, deflater.raw, PART, true);
      out.write(HEAD);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      super.write(bytes, from, length);
      sum.update(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        finish();
        putLittleEndian((int) sum.getValue());
        putLittleEndian((int) def.getBytesRead());
      }
    }

    private void putLittleEndian(int number) throws IOException {
      for (int shift = 0; shift < 32; shift += 8) {
        out.write(number >>> shift);
      }
    }
  }
}
