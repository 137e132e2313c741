package io.netloop.tls;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files of certificates, with a bound, and says what is wrong with one. */
final class CertificateBytes {
  /** A chain has a few KiB; more than this is some other file. */
  static final int MAX_BYTES = 1 << 20;

  private static final int DER_SEQUENCE = 0x30;

  private CertificateBytes() {}

  /**
   * A PEM file.
   *
   * @param kind what it should be, for sentences: {@code certificate} or {@code key}
   */
  static String text(Path file, String kind) {
    byte[] bytes = read(file, kind);
    if ((bytes[0] & 0xff) == DER_SEQUENCE) {
      throw new NetException("ERR_OSSL_PEM_NO_START_LINE", binary(file, kind));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String binary(Path file, String kind) {
    String name = file.getFileName().toString();
    if (name.endsWith(".pfx") || name.endsWith(".p12")) {
      return "The " + kind + " file " + file + " is in PKCS#12 form: use TlsOptions.pfx.";
    }
    String tool = kind.equals("key") ? "pkey" : "x509";
    return "The "
        + kind
        + " file "
        + file
        + " is in binary (DER) form, and a text (PEM) is needed: openssl "
        + tool
        + " -inform der -in "
        + name
        + " -out "
        + name
        + ".pem makes one.";
  }

  static byte[] read(Path file, String kind) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException missing) {
      throw unreadable("ENOENT", file, kind, "there is no such file", missing);
    } catch (AccessDeniedException denied) {
      throw unreadable("EACCES", file, kind, "the permission is denied", denied);
    } catch (IOException failure) {
      String code = Files.isDirectory(file) ? "EISDIR" : "EIO";
      String reason = Files.isDirectory(file) ? "it is a directory" : failure.getMessage();
      throw unreadable(code, file, kind, String.valueOf(reason), failure);
    }
    if (bytes.length == 0) {
      throw new NetException(
          "ERR_OSSL_PEM_NO_START_LINE", "The " + kind + " file " + file + " is empty.");
    }
    if (bytes.length > MAX_BYTES) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The " + kind + " file " + file + " is larger than 1 MiB: that is something else.");
    }
    return bytes;
  }

  private static NetException unreadable(
      String code, Path file, String kind, String reason, IOException cause) {
    return new NetException(
        code, code + ": the " + kind + " file " + file + " can't be read: " + reason + ".", cause);
  }
}
