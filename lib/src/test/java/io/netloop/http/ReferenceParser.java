package io.netloop.http;

import io.netloop.http.Recorder.Message;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests as the grammar has them, and nothing else: slow, over the whole text at once, each rule
 * a regular expression out of RFC 9112, RFC 9110 or RFC 3986. It shares no line with the parser
 * that it is compared with.
 */
final class ReferenceParser {
  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
  private static final Pattern EMPTY_LINES = Pattern.compile("(?:\r\n)*+");

  /** RFC 9112 §3. */
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(" + TOKEN + ") ([\\x21-\\x7e]++) HTTP/([0-9])\\.([0-9])\r\n");

  /** RFC 9112 §5. The value, with the blanks around it, is of visible bytes, blanks and tabs. */
  private static final Pattern FIELD_LINE =
      Pattern.compile("(" + TOKEN + "):([\\t\\x20-\\x7e\\x80-\\xff]*+)\r\n");

  /** RFC 9112 §7.1, of 15 digits at the most. */
  private static final Pattern CHUNK_LINE =
      Pattern.compile("([0-9A-Fa-f]{1,15}+)(?:;([\\t\\x20-\\x7e\\x80-\\xff]*+))?+\r\n");

  private static final Pattern LINE_END = Pattern.compile("\r\n");

  /** RFC 3986 §3.2.2 and §3.2.3. */
  private static final String REG_NAME = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})";

  private static final String LITERAL = "\\[(?=[^\\]]*:[^\\]]*:)[0-9A-Fa-f:.]{2,45}\\]";
  private static final Pattern HOST =
      Pattern.compile("(?:" + LITERAL + "|" + REG_NAME + "*)(?::([0-9]*))?");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:" + LITERAL + "|" + REG_NAME + "+):([0-9]+)");
  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "[A-Za-z][A-Za-z0-9+\\-.]{0,30}://((?:"
              + LITERAL
              + "|"
              + REG_NAME
              + "+)(?::([0-9]*))?)(?:[/?#].*)?");

  private static final int MOST_EMPTY_LINES = 8;
  private static final int MOST_EXTENSIONS = 16 * 1024;

  final List<Message> messages = new ArrayList<>();

  /** The status of the answer to what is wrong, or 0. */
  int status;

  /** Whether what is wrong is only that more did not come. */
  boolean cut;

  private final String text;
  private final int maxHead;
  private final int maxFields;
  private int at;

  /** What is wrong, with the status that answers it. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final boolean cut;

    Wrong(int status, boolean cut) {
      super(null, null, false, false);
      this.status = status;
      this.cut = cut;
    }
  }

  ReferenceParser(String text, int maxHead, int maxFields) {
    this.text = text;
    this.maxHead = maxHead;
    this.maxFields = maxFields;
    try {
      while (at < text.length()) {
        message();
      }
    } catch (Wrong wrong) {
      status = wrong.status;
      cut = wrong.cut;
    }
  }

  private void message() throws Wrong {
    Matcher lines = EMPTY_LINES.matcher(text).region(at, text.length());
    check(lines.lookingAt(), 400);
    check(lines.end() - at <= MOST_EMPTY_LINES * 2, 400);
    at = lines.end();
    if (at == text.length()) {
      return;
    }
    int begin = at;
    check(!text.startsWith("PRI ", at), 505); // RFC 9113 §3.4
    Matcher line = take(REQUEST_LINE);
    String method = line.group(1);
    check(Set.copyOf(Http.METHODS).contains(method), 400);
    check(fits(method, line.group(2)), 400);
    check(line.group(3).equals("1"), 505);
    check(line.group(4).compareTo("1") <= 0, 400);
    List<String> fields = fields();
    for (int i = 0; i < fields.size(); i += 2) {
      check(!fields.get(i).equalsIgnoreCase("host") || isHost(fields.get(i + 1)), 400);
    }
    check(at - begin <= maxHead, 431);
    List<String> lengths = values(fields, "content-length");
    List<String> codings = values(fields, "transfer-encoding");
    checkFraming(lengths, codings, line.group(4));
    Body body = new Body(line, fields);
    if (!codings.isEmpty()) {
      chunks(body);
    } else if (!lengths.isEmpty()) {
      fixed(body, Long.parseLong(lengths.getFirst()));
    }
    messages.add(body.message(at));
  }

  /** The request whose body is being read: what there is of it when something is wrong. */
  private static final class Body {
    private final Matcher line;
    private final List<String> fields;
    private final StringBuilder bytes = new StringBuilder();
    private List<String> trailers = List.of();

    Body(Matcher line, List<String> fields) {
      this.line = line;
      this.fields = fields;
    }

    Message message(int end) {
      return new Message(
          line.group(1),
          line.group(2),
          Integer.parseInt(line.group(4)),
          fields,
          bytes.toString(),
          trailers,
          end);
    }
  }

  /** What is next must be this, or at least its begin. */
  @SuppressWarnings("JdkObsolete") // what hitEnd tells is what is asked: may more text make it fit?
  private Matcher take(Pattern rule) throws Wrong {
    Matcher found = rule.matcher(text).region(at, text.length());
    if (!found.lookingAt()) {
      throw new Wrong(400, found.hitEnd());
    }
    at = found.end();
    return found;
  }

  private static void check(boolean right, int status) throws Wrong {
    if (!right) {
      throw new Wrong(status, false);
    }
  }

  /** Field lines up to the empty line. */
  private List<String> fields() throws Wrong {
    List<String> fields = new ArrayList<>();
    while (!text.startsWith("\r", at)) {
      Matcher line = take(FIELD_LINE);
      fields.add(line.group(1));
      fields.add(line.group(2).replaceAll("^[ \t]+|[ \t]+$", ""));
      check(fields.size() <= 2 * maxFields, 431);
    }
    take(LINE_END);
    return fields;
  }

  private static List<String> values(List<String> fields, String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).toLowerCase(Locale.ROOT).equals(name)) {
        values.add(fields.get(i + 1));
      }
    }
    return values;
  }

  /** RFC 9112 §3.2. */
  private static boolean fits(String method, String target) {
    if (method.equals("CONNECT")) {
      Matcher authority = AUTHORITY.matcher(target);
      return authority.matches() && isPort(authority.group(1));
    }
    if (target.equals("*")) {
      return method.equals("OPTIONS");
    }
    if (target.startsWith("/")) {
      return true;
    }
    Matcher absolute = ABSOLUTE.matcher(target);
    return absolute.matches() && isPort(absolute.group(2));
  }

  private static boolean isHost(String value) {
    Matcher host = HOST.matcher(value);
    return host.matches() && isPort(host.group(1));
  }

  private static boolean isPort(@Nullable String digits) {
    return digits == null || digits.isEmpty() || new BigInteger(digits).bitLength() <= 16;
  }

  /** RFC 9112 §6.3. */
  private static void checkFraming(List<String> lengths, List<String> codings, String minor)
      throws Wrong {
    check(lengths.size() <= 1, 400);
    for (String length : lengths) {
      check(length.matches("[0-9]{1,18}"), 400);
    }
    if (codings.isEmpty()) {
      return;
    }
    check(lengths.isEmpty() && minor.equals("1"), 400);
    List<String> names = new ArrayList<>();
    for (String name : String.join(",", codings).toLowerCase(Locale.ROOT).split(",", -1)) {
      names.add(name.replaceAll("^[ \t]+|[ \t]+$", ""));
    }
    check(!names.contains(""), 400);
    check(names.indexOf("chunked") == names.size() - 1, 400);
    check(names.size() == 1, 501);
  }

  private void fixed(Body body, long length) throws Wrong {
    int end = (int) Math.min(text.length(), at + length);
    body.bytes.append(text, at, end);
    boolean cut = length > end - at;
    at = end;
    if (cut) {
      throw incomplete(body, new Wrong(400, true));
    }
  }

  private void chunks(Body body) throws Wrong {
    try {
      int extensions = 0;
      while (true) {
        Matcher line = take(CHUNK_LINE);
        extensions += line.group(2) == null ? 0 : line.group(2).length();
        check(extensions <= MOST_EXTENSIONS, 400);
        long size = Long.parseLong(line.group(1), 16);
        if (size == 0) {
          break;
        }
        fixedPart(body, size);
        take(LINE_END);
      }
      int begin = at;
      body.trailers = fields();
      check(at - begin <= maxHead, 431);
    } catch (Wrong wrong) {
      body.trailers = List.of();
      throw incomplete(body, wrong);
    }
  }

  private void fixedPart(Body body, long size) throws Wrong {
    int end = (int) Math.min(text.length(), at + size);
    body.bytes.append(text, at, end);
    boolean all = end - at == size;
    at = end;
    if (!all) {
      throw new Wrong(400, true);
    }
  }

  /** What there is of the message is told, too. */
  private Wrong incomplete(Body body, Wrong wrong) {
    if (messages.isEmpty() || messages.getLast().end() >= 0) {
      messages.add(body.message(-1));
    }
    return wrong;
  }
}
