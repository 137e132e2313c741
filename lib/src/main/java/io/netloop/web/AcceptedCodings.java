package io.netloop.web;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client says of content codings (RFC 9110 §12.5.3). <i>Immutable.</i> */
final class AcceptedCodings {
  private final String header;

  /**
   * @param header the value of {@code Accept-Encoding}; null where there was none
   */
  AcceptedCodings(@Nullable String header) {
    this.header = header == null ? "" : header.toLowerCase(Locale.ROOT);
  }

  /** How welcome a coding is, 0 to 1000; -1 where nothing is said of it. */
  int weight(String coding) {
    int others = -1;
    for (String element : header.split(",", -1)) {
      int semicolon = element.indexOf(';');
      String name = (semicolon < 0 ? element : element.substring(0, semicolon)).strip();
      if (name.equals(coding)) {
        return semicolon < 0 ? 1000 : quality(element.substring(semicolon + 1));
      }
      if (name.equals("*")) {
        others = semicolon < 0 ? 1000 : quality(element.substring(semicolon + 1));
      }
    }
    return others;
  }

  /** Up to three decimals (RFC 9110 §12.4.2); what is none is 1. */
  private static int quality(String parameter) {
    String text = parameter.strip();
    if (!text.startsWith("q=") || text.length() > 7) {
      return 1000;
    }
    try {
      double q = Double.parseDouble(text.substring(2).strip());
      return q >= 0 && q <= 1 ? (int) Math.round(q * 1000) : 1000;
    } catch (NumberFormatException none) {
      return 1000;
    }
  }
}
