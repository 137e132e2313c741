package io.netloop.web;

import io.netloop.engine.BufferAccess;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of its types whole, within the limit, and hands what it means to the request. Small
 * ones are read on the loop, as that is faster; from a size on that would hold the loop up, on a
 * virtual thread.
 */
final class BodyParser implements Middleware {
  private static final BufferAccess<Buffer> BYTES = BufferAccess.of(Buffer.class);

  /** What takes about a millisecond. */
  private static final int MOST_ON_LOOP = 64 * 1024;

  /** What a parser makes of a body. */
  enum Kind {
    JSON("application/json"),
    FORM("application/x-www-form-urlencoded"),
    TEXT("text/plain"),
    RAW("application/octet-stream");

    final String type;

    Kind(String type) {
      this.type = type;
    }
  }

  private final Kind kind;
  private final BodyOptions options;
  private final String[] types;

  BodyParser(Kind kind, BodyOptions options) {
    this.kind = kind;
    this.options = options;
    List<String> wanted = options.types().isEmpty() ? List.of(kind.type) : options.types();
    this.types = wanted.toArray(new String[0]);
  }

  @Override
  public void handle(WebRequest request, WebResponse response, Next next) {
    if (request.bodyTaken() || !request.is(types)) {
      next.run();
      return;
    }
    Charset charset = charset(MediaType.parse(request.header("Content-Type")));
    String coding =
        Objects.requireNonNullElse(request.header("Content-Encoding"), "identity")
            .strip()
            .toLowerCase(Locale.ROOT);
    if (!coding.equals("identity") && !(options.inflate() && Inflating.knows(coding))) {
      throw new WebException(
          415,
          "ERR_BODY_ENCODING",
          "A body with the content coding \"" + coding + "\" can't be read here.");
    }
    request.takeBody();
    new Reading(request, next, coding, charset).start();
  }

  /**
   * One body. What programs have said is called on the loop, whatever its size: between inflating
   * it and making something of it, which may happen elsewhere.
   */
  private final class Reading {
    private final WebRequest request;
    private final Next next;
    private final String coding;
    private final @Nullable Charset charset;

    Reading(WebRequest request, Next next, String coding, @Nullable Charset charset) {
      this.request = request;
      this.next = next;
      this.coding = coding;
      this.charset = charset;
    }

    void start() {
      new BodyGathering(request, options.limit(), next, this::inflate).start();
    }

    private void inflate(Buffer body) {
      if (coding.equals("identity")) {
        verify(body);
      } else {
        Loop.offload(() -> Inflating.inflate(body, coding, options.limit()))
            .onResult(this::verify)
            .onError(next::fail);
      }
    }

    private void verify(Buffer plain) {
      JsonCodec json = request.app().json();
      boolean heavy = plain.length() > MOST_ON_LOOP;
      try {
        if (options.verify() != null) {
          options.verify().accept(request, plain);
        }
        if (!heavy) {
          request.body(read(json, plain, charset));
        }
      } catch (RuntimeException refused) {
        next.fail(refused);
        return;
      }
      if (heavy) {
        Loop.offload(() -> Result.of(read(json, plain, charset)))
            .onResult(result -> {
              request.body(result.value);
              next.run();
            })
            .onError(next::fail);
      } else {
        next.run();
      }
    }
  }

  /** A value that may be null. */
  private record Result(@Nullable Object value) {
    static Result of(@Nullable Object value) {
      return new Result(value);
    }
  }

  private @Nullable Charset charset(@Nullable MediaType type) {
    String name = type == null ? null : type.charset();
    if (kind == Kind.RAW || name == null) {
      return name == null ? null : StandardCharsets.UTF_8;
    }
    boolean known =
        switch (kind) {
          case JSON -> name.startsWith("utf-");
          case FORM -> name.equals("utf-8") || name.equals("iso-8859-1");
          default -> true;
        };
    try {
      if (known) {
        return Charset.forName(name);
      }
    } catch (IllegalArgumentException unknown) {
      // Neither a name nor a charset of this JVM.
    }
    throw new WebException(
        415, "ERR_BODY_CHARSET", "A body in the charset \"" + name + "\" can't be read here.");
  }

  private @Nullable Object read(JsonCodec codec, Buffer plain, @Nullable Charset charset) {
    return switch (kind) {
      case JSON -> json(codec, plain, charset);
      case FORM -> form(plain, charset == null ? StandardCharsets.UTF_8 : charset);
      case TEXT -> plain.toString(charset == null ? StandardCharsets.UTF_8 : charset);
      case RAW -> plain;
    };
  }

  private @Nullable Object json(JsonCodec codec, Buffer body, @Nullable Charset charset) {
    Buffer utf8 =
        charset == null || charset.equals(StandardCharsets.UTF_8)
            ? body
            : Buffer.from(body.toString(charset));
    int from = BYTES.offset(utf8);
    byte[] bytes = BYTES.array(utf8);
    if (utf8.isEmpty()) {
      return Map.of(); // A common mistake of clients, which Express forgives too.
    }
    if (options.strict()) {
      checkTop(bytes, from, utf8.length());
    }
    return codec.read(bytes, from, utf8.length(), Object.class);
  }

  /** In UTF-16 and UTF-32 too, which JSON is read in by itself, zeros stand around the sign. */
  private static void checkTop(byte[] bytes, int from, int length) {
    int at = from;
    int to = from + length;
    while (at < to && isBlankOrMark(bytes[at])) {
      at++;
    }
    if (at == to || (bytes[at] != '{' && bytes[at] != '[')) {
      throw new WebException(
          400,
          "ERR_JSON_TOP",
          "The body is no JSON object or list: "
              + (at == to ? "it is blank." : "it begins with another sign than '{' or '['."));
    }
  }

  private static boolean isBlankOrMark(byte b) {
    return switch (b) {
      case ' ', '\t', '\r', '\n', 0, (byte) 0xef, (byte) 0xbb, (byte) 0xbf, (byte) 0xfe, -1 -> true;
      default -> false;
    };
  }

  private Values form(Buffer body, Charset charset) {
    int pairs = 1;
    for (int at = body.indexOf('&', 0); at >= 0; at = body.indexOf('&', at + 1)) {
      pairs++;
    }
    if (pairs > options.maxParameters()) {
      throw new WebException(
          413,
          "ERR_FORM_TOO_LARGE",
          "The form has more than " + options.maxParameters() + " parameters.");
    }
    return Values.parse(body.toString(charset), pairs, charset);
  }
}
