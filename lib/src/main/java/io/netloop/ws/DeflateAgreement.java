package io.netloop.ws;

import io.netloop.ws.ExtensionOffers.Offer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides have agreed on for permessage-deflate (RFC 7692 §7.1). <i>Immutable.</i>
 *
 * @param serverTakeover whether the server may refer back to its earlier messages
 * @param clientTakeover whether the client may
 * @param serverBits how far back the server may refer at the most, as a power of two: 8 to 15
 * @param clientBits how far back the client may; 0 where the client has not said that it can be
 *     told
 */
record DeflateAgreement(
    boolean serverTakeover, boolean clientTakeover, int serverBits, int clientBits) {
  static final String NAME = "permessage-deflate";
  private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
  private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final String CLIENT_BITS = "client_max_window_bits";
  private static final int MOST_BITS = 15;

  /** What a server makes of the offers: the first that it can serve, or null. */
  static @Nullable DeflateAgreement accept(
      ExtensionOffers all, boolean mayServerTakeOver, boolean mayClientTakeOver) {
    for (Offer offer : all.offers()) {
      if (offer.name().equals(NAME) && offer.parameters() != null) {
        DeflateAgreement offered = read(offer.parameters(), true);
        if (offered != null) {
          return new DeflateAgreement(
              offered.serverTakeover && mayServerTakeOver,
              offered.clientTakeover && mayClientTakeOver,
              offered.serverBits,
              0);
        }
      }
    }
    return null;
  }

  /** What a client offers. */
  static String offer(DeflateOptions options) {
    DeflateAgreement wish =
        new DeflateAgreement(
            options.serverContextTakeover(), options.clientContextTakeover(), MOST_BITS, 0);
    return wish.header() + "; " + CLIENT_BITS;
  }

  /** The same, but the client does not refer back where it does not want to. */
  DeflateAgreement withClientTakeover(boolean wanted) {
    return new DeflateAgreement(serverTakeover, clientTakeover && wanted, serverBits, clientBits);
  }

  /** What a client makes of the server's answer to its offer; null for what it can't be. */
  static @Nullable DeflateAgreement answered(ExtensionOffers answer) {
    if (answer.offers().size() != 1) {
      return null;
    }
    Offer only = answer.offers().getFirst();
    return only.name().equals(NAME) && only.parameters() != null
        ? read(only.parameters(), false)
        : null;
  }

  private static @Nullable DeflateAgreement read(Map<String, String> parameters, boolean isOffer) {
    boolean server = true;
    boolean client = true;
    int serverBits = MOST_BITS;
    int clientBits = 0;
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      String value = each.getValue();
      switch (each.getKey()) {
        case SERVER_NO_TAKEOVER -> server = false;
        case CLIENT_NO_TAKEOVER -> client = false;
        case SERVER_BITS -> serverBits = bits(value);
        case CLIENT_BITS -> clientBits = value.isEmpty() && isOffer ? MOST_BITS : bits(value);
        default -> {
          return null;
        }
      }
      boolean isFlag = each.getKey().endsWith("takeover");
      if (serverBits < 0 || clientBits < 0 || (isFlag && !value.isEmpty())) {
        return null;
      }
    }
    return new DeflateAgreement(server, client, serverBits, clientBits);
  }

  /** A number from 8 to 15 without a leading zero, or -1. */
  private static int bits(String text) {
    boolean isNumber = text.length() == 1 || (text.length() == 2 && text.charAt(0) == '1');
    if (!isNumber || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int bits = Integer.parseInt(text);
    return bits < 8 || bits > MOST_BITS ? -1 : bits;
  }

  /** As the header says it. */
  String header() {
    StringBuilder text = new StringBuilder(NAME);
    if (!serverTakeover) {
      text.append("; ").append(SERVER_NO_TAKEOVER);
    }
    if (!clientTakeover) {
      text.append("; ").append(CLIENT_NO_TAKEOVER);
    }
    if (serverBits < MOST_BITS) {
      text.append("; ").append(SERVER_BITS).append('=').append(serverBits);
    }
    if (clientBits > 0 && clientBits < MOST_BITS) {
      text.append("; ").append(CLIENT_BITS).append('=').append(clientBits);
    }
    return text.toString();
  }
}
