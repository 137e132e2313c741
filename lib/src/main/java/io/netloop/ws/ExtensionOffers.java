package io.netloop.ws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1): names with parameters, in the order of
 * preference. <i>Immutable.</i>
 *
 * @param offers each with its name and its parameters; one without a value has an empty text
 */
record ExtensionOffers(List<Offer> offers) {
  /**
   * One extension as it was offered, or agreed on.
   *
   * @param parameters null where one is repeated: such an offer is declined
   */
  record Offer(String name, @Nullable Map<String, String> parameters) {}

  /** Reads a header's value; null for one that follows no grammar. */
  static @Nullable ExtensionOffers parse(String header) {
    return new Reader(header).offers();
  }

  /** Goes through the header from left to right. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    @Nullable ExtensionOffers offers() {
      List<Offer> offers = new ArrayList<>();
      do {
        Offer offer = offer();
        if (offer == null) {
          return null;
        }
        offers.add(offer);
      } while (takes(','));
      return at == text.length() ? new ExtensionOffers(List.copyOf(offers)) : null;
    }

    private @Nullable Offer offer() {
      String name = token();
      if (name == null) {
        return null;
      }
      Map<String, String> parameters = new LinkedHashMap<>();
      boolean repeated = false;
      while (takes(';')) {
        String parameter = token();
        String value = parameter != null && takes('=') ? value() : "";
        if (parameter == null || value == null) {
          return null;
        }
        repeated |= parameters.put(parameter, value) != null;
      }
      return new Offer(name, repeated ? null : parameters);
    }

    private @Nullable String value() {
      if (!takes('"')) {
        return token();
      }
      int end = text.indexOf('"', at);
      if (end < 0) {
        return null;
      }
      String quoted = text.substring(at, end);
      at = end + 1;
      return quoted.isEmpty() || !isToken(quoted) ? null : quoted;
    }

    private @Nullable String token() {
      skipBlanks();
      int from = at;
      while (at < text.length() && isTokenCharacter(text.charAt(at))) {
        at++;
      }
      return at == from ? null : text.substring(from, at);
    }

    private boolean takes(char wanted) {
      skipBlanks();
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipBlanks() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }

  /** Whether all of the text are token characters, and there is one at least (RFC 9110 §5.6.2). */
  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> isTokenCharacter((char) c));
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || (c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }
}
