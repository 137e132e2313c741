package io.netloop.web;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The coding {@code zstd} (RFC 8878), where the program has zstd-jni and it loads. */
final class Zstd {
  /** 8 MiB: more is not to be asked of who reads it (RFC 9659). */
  private static final int MOST_WINDOW_LOG = 23;

  private static final boolean THERE = load();

  private Zstd() {}

  /** Whether it can be used. */
  static boolean isThere() {
    return THERE;
  }

  private static boolean load() {
    try {
      Library.load();
      return true;
    } catch (LinkageError missing) {
      return false;
    }
  }

  static InputStream inflating(InputStream in) throws IOException {
    return Library.inflating(in);
  }

  static OutputStream compressing(OutputStream out, int level) throws IOException {
    return Library.compressing(out, level);
  }

  /** Apart, so that this class loads where the library is not there. */
  private static final class Library {
    static void load() {
      Native.load();
    }

    static InputStream inflating(InputStream in) throws IOException {
      return new ZstdInputStreamNoFinalizer(in).setLongMax(MOST_WINDOW_LOG);
    }

    static OutputStream compressing(OutputStream out, int level) throws IOException {
      return new ZstdOutputStreamNoFinalizer(out, level);
    }
  }
}
