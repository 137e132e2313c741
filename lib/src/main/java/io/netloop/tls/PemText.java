package io.netloop.tls;

import io.netloop.loop.NetException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The textual form of keys and certificates (RFC 7468), with the headers of its ancestor. */
final class PemText {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /** More than any chain has; what is larger is no chain. */
  private static final int MAX_BLOCKS = 64;

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /** One {@code BEGIN … END}. */
  @SuppressWarnings("ArrayRecordComponent")
  record Block(String label, Map<String, String> headers, byte[] der) {}

  private PemText() {}

  /**
   * The blocks in their order; what stands between them is a comment.
   *
   * @param from where the text comes from, for sentences
   */
  static List<Block> read(String text, String from) {
    List<Block> blocks = new ArrayList<>();
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      if (isBegin(lines[i])) {
        int end = endOf(lines, i, from);
        blocks.add(block(lines, i, end, from));
        i = end;
      }
      if (blocks.size() > MAX_BLOCKS) {
        throw new NetException(
            "ERR_OUT_OF_RANGE",
            "There are more than " + MAX_BLOCKS + " certificates and keys in " + from + ".");
      }
    }
    return blocks;
  }

  private static boolean isBegin(String line) {
    String bare = line.strip();
    return bare.startsWith(BEGIN) && bare.endsWith(DASHES) && bare.length() > BEGIN.length() + 5;
  }

  private static String label(String begin) {
    String bare = begin.strip();
    return bare.substring(BEGIN.length(), bare.length() - DASHES.length());
  }

  private static int endOf(String[] lines, int begin, String from) {
    String end = END + label(lines[begin]) + DASHES;
    for (int i = begin + 1; i < lines.length; i++) {
      if (lines[i].strip().equals(end)) {
        return i;
      }
    }
    throw new NetException(
        "ERR_OSSL_PEM_BAD_END_LINE",
        "The text in " + from + " is cut off: there is no line " + end + ".");
  }

  private static Block block(String[] lines, int begin, int end, String from) {
    Map<String, String> headers = new LinkedHashMap<>();
    StringBuilder base64 = new StringBuilder();
    for (int i = begin + 1; i < end; i++) {
      String line = lines[i].strip();
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      } else {
        base64.append(line);
      }
    }
    try {
      return new Block(label(lines[begin]), headers, Base64.getDecoder().decode(base64.toString()));
    } catch (IllegalArgumentException damaged) {
      throw new NetException(
          "ERR_OSSL_PEM_BAD_BASE64_DECODE",
          "The text in " + from + " is damaged: " + damaged.getMessage() + ".",
          damaged);
    }
  }

  static String of(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      try {
        append(text, "CERTIFICATE", certificate.getEncoded());
      } catch (CertificateEncodingException impossible) {
        throw new IllegalStateException("A certificate that was read has no bytes.", impossible);
      }
    }
    return text.toString();
  }

  static String of(PrivateKey key) {
    StringBuilder text = new StringBuilder();
    append(text, "PRIVATE KEY", key.getEncoded());
    return text.toString();
  }

  private static void append(StringBuilder text, String label, byte[] der) {
    text.append(BEGIN).append(label).append(DASHES).append('\n');
    text.append(new String(LINES.encode(der), StandardCharsets.US_ASCII)).append('\n');
    text.append(END).append(label).append(DASHES).append('\n');
  }
}
