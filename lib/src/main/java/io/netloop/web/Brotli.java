package io.netloop.web;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The coding {@code br} (RFC 7932), where the program has brotli4j and it loads. */
final class Brotli {
  private static final boolean THERE = load();

  private Brotli() {}

  /** Whether it can be used. */
  static boolean isThere() {
    return THERE;
  }

  private static boolean load() {
    try {
      return Library.isAvailable();
    } catch (LinkageError missing) {
      return false;
    }
  }

  static InputStream inflating(InputStream in) throws IOException {
    return Library.inflating(in);
  }

  static OutputStream compressing(OutputStream out, int quality) throws IOException {
    return Library.compressing(out, quality);
  }

  /** Apart, so that this class loads where the library is not there. */
  private static final class Library {
    static boolean isAvailable() {
      return Brotli4jLoader.isAvailable();
    }

    static InputStream inflating(InputStream in) throws IOException {
      return new BrotliInputStream(in);
    }

    static OutputStream compressing(OutputStream out, int quality) throws IOException {
      return new BrotliOutputStream(out, new Encoder.Parameters().setQuality(quality));
    }
  }
}
