package io.netloop.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Feeds a parser of requests with what a client sends, in any pieces, and writes down what it found
 * there: the messages, where each ended, and what was wrong.
 */
final class Recorder implements MessageParser.Sink {
  final List<Message> messages = new ArrayList<>();

  /** The status of the answer to what was wrong, or 0. */
  int status;

  /** Whether all that came was complete messages. */
  boolean whole;

  private final MessageParser parser;
  private final StringBuilder body = new StringBuilder();
  private int consumed;
  private boolean inMessage;
  private String method = "";
  private String target = "";
  private int minor;
  private List<String> fields = List.of();

  /** A request; one that is not complete ends at -1. */
  record Message(
      String method,
      String target,
      int minor,
      List<String> fields,
      String body,
      List<String> trailers,
      int end) {

    /** On one line, without what most requests say. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(method).append(' ').append(target);
      if (minor == 0) {
        text.append(" 1.0");
      }
      append(text, fields, " %s=<%s>");
      if (!body.isEmpty()) {
        text.append(" \"").append(body).append('"');
      }
      append(text, trailers, " +%s=<%s>");
      return text.append(end < 0 ? " ..." : "").toString();
    }

    private static void append(StringBuilder text, List<String> lines, String form) {
      for (int i = 0; i < lines.size(); i += 2) {
        if (!(lines.get(i).equals("Host") && lines.get(i + 1).equals("a"))) {
          text.append(form.formatted(lines.get(i), lines.get(i + 1)));
        }
      }
    }
  }

  Recorder(int maxHead, int maxFields) {
    parser = new MessageParser(this, true, maxHead, maxFields);
  }

  /** Feeds all of it, cut at these places, and then the end of the connection. */
  static Recorder read(byte[] input, int maxHead, int maxFields, int... cuts) {
    Recorder recorder = new Recorder(maxHead, maxFields);
    int from = 0;
    for (int cut : cuts) {
      recorder.feed(input, from, cut);
      from = cut;
    }
    recorder.feed(input, from, input.length);
    recorder.finish();
    return recorder;
  }

  /** An array for each piece, with something around it, as a connection's reads have. */
  private void feed(byte[] input, int from, int to) {
    byte[] piece = new byte[to - from + 5];
    System.arraycopy(input, from, piece, 3, to - from);
    int next = 3;
    int end = 3 + to - from;
    try {
      while (next < end && status == 0) {
        int before = next;
        next = parser.parse(piece, next, end);
        consumed += next - before;
        if (next == before) {
          throw new AssertionError("The parser does not move at " + consumed);
        }
        if (!inMessage && !messages.isEmpty() && messages.getLast().end < 0) {
          noteEnd();
        }
      }
    } catch (BadMessage bad) {
      status = bad.status();
    }
  }

  private void noteEnd() {
    Message last = messages.removeLast();
    messages.add(
        new Message(
            last.method, last.target, last.minor, last.fields, last.body, last.trailers, consumed));
  }

  private void finish() {
    if (status == 0) {
      try {
        parser.finish();
        whole = true;
      } catch (BadMessage cut) {
        status = cut.status();
      }
    }
    if (inMessage) {
      messages.add(new Message(method, target, minor, fields, body.toString(), List.of(), -1));
    }
  }

  @Override
  public void head() {
    inMessage = true;
    body.setLength(0);
    method = String.valueOf(parser.head.method);
    target =
        new String(
            parser.head.bytes,
            parser.head.targetFrom,
            parser.head.targetTo - parser.head.targetFrom,
            StandardCharsets.ISO_8859_1);
    minor = parser.head.minorVersion;
    fields = parser.fields().raw();
  }

  @Override
  public void body(byte[] bytes, int from, int to) {
    if (from >= to) {
      throw new AssertionError("A part of the body is empty.");
    }
    body.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void end() {
    inMessage = false;
    messages.add(
        new Message(method, target, minor, fields, body.toString(), parser.trailers().raw(), -1));
    parser.stop();
  }

  /** The messages, and the status of what was wrong. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Message message : messages) {
      text.append(text.isEmpty() ? "" : "; ").append(message);
    }
    return text.append(status == 0 ? "" : (text.isEmpty() ? "" : "; ") + status).toString();
  }
}
