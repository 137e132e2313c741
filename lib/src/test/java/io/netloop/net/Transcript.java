package io.netloop.net;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * What one part of a program has told: for each socket or server its lines, in order. Pieces of
 * data that follow each other are one line, since the borders between them mean nothing.
 */
final class Transcript {
  private static final int SHOWN_BYTES = 100;

  /** Where the server's part listens: its port, or its path. */
  final CompletableFuture<String> listening = new CompletableFuture<>();

  /** Nothing more is to come. */
  final CompletableFuture<Void> done = new CompletableFuture<>();

  /** The whole program is to be over. */
  final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private final Map<String, List<String>> lines = new TreeMap<>();
  private final Map<String, ByteArrayOutputStream> data = new TreeMap<>();

  private boolean over;

  /** What is told from now on is of the tidying up. */
  synchronized void end() {
    over = true;
  }

  synchronized void log(String who, String line) {
    if (over) {
      return;
    }
    flush(who);
    lines.computeIfAbsent(who, name -> new ArrayList<>()).add(printable(line));
  }

  synchronized void data(String who, byte[] bytes) {
    if (over) {
      return;
    }
    data.computeIfAbsent(who, name -> new ByteArrayOutputStream()).writeBytes(bytes);
  }

  private void flush(String who) {
    ByteArrayOutputStream got = data.remove(who);
    if (got != null) {
      lines.computeIfAbsent(who, name -> new ArrayList<>()).add("data " + shown(got.toByteArray()));
    }
  }

  synchronized Map<String, List<String>> lines() {
    List.copyOf(data.keySet()).forEach(this::flush);
    Map<String, List<String>> copy = new TreeMap<>();
    lines.forEach((who, list) -> copy.put(who, List.copyOf(list)));
    return copy;
  }

  private static String shown(byte[] bytes) {
    if (bytes.length <= SHOWN_BYTES) {
      return printable(new String(bytes, StandardCharsets.UTF_8));
    }
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(bytes);
      return bytes.length + " bytes, " + String.format("%032x", new BigInteger(1, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(c ->
            shown.append(
                c < ' ' || c > '~' ? String.format("\\u%04x", c) : String.valueOf((char) c)));
    return shown.toString();
  }
}
