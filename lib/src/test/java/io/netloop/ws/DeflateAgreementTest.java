package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateAgreementTest {
  private static String accepted(String offers, boolean server, boolean client) {
    ExtensionOffers parsed = ExtensionOffers.parse(offers);
    assertThat(parsed).isNotNull();
    DeflateAgreement agreed = DeflateAgreement.accept(parsed, server, client);
    return agreed == null ? "none" : agreed.header();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | permessage-deflate",
        "permessage-deflate; client_max_window_bits | permessage-deflate",
        "permessage-deflate; client_max_window_bits=9 | permessage-deflate",
        "permessage-deflate; server_no_context_takeover"
            + "| permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover"
            + "| permessage-deflate; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=15 | permessage-deflate",
        "permessage-deflate; server_max_window_bits=10"
            + "| permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=8"
            + "| permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=16, permessage-deflate | permessage-deflate",
        "other, permessage-deflate; server_max_window_bits=9"
            + "| permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; unknown, permessage-deflate; client_no_context_takeover"
            + "| permessage-deflate; client_no_context_takeover",
      })
  void takesTheFirstOfferThatItCanServe(String offers, String answer) {
    assertThat(accepted(offers, true, true)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other",
        "permessage-deflate2",
        "permessage-deflate; unknown",
        "permessage-deflate; unknown=1",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=true",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits=1x",
        "permessage-deflate; server_max_window_bits=100",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=a",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=9; server_max_window_bits=10"
      })
  void declinesWhatIsWrong(String offer) {
    assertThat(accepted(offer, true, true)).isEqualTo("none");
  }

  @Test
  void asksForNoTakeoverWhereThereIsNoMemoryForIt() {
    assertThat(accepted("permessage-deflate", false, true))
        .isEqualTo("permessage-deflate; server_no_context_takeover");
    assertThat(accepted("permessage-deflate", true, false))
        .isEqualTo("permessage-deflate; client_no_context_takeover");
    assertThat(accepted("permessage-deflate; server_max_window_bits=12", false, false))
        .isEqualTo(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + " server_max_window_bits=12");
  }

  private static DeflateAgreement answered(String answer) {
    ExtensionOffers parsed = ExtensionOffers.parse(answer);
    assertThat(parsed).isNotNull();
    return DeflateAgreement.answered(parsed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate | true true 15 0",
        "permessage-deflate; server_no_context_takeover | false true 15 0",
        "permessage-deflate; client_no_context_takeover | true false 15 0",
        "permessage-deflate; server_max_window_bits=9 | true true 9 0",
        "permessage-deflate; client_max_window_bits=8 | true true 15 8",
        "permessage-deflate; client_max_window_bits=15 | true true 15 15"
      })
  void understandsTheAnswersOfServers(String answer, String expected) {
    DeflateAgreement agreed = answered(answer);
    assertThat(agreed).isNotNull();
    assertThat(
            "%b %b %d %d"
                .formatted(
                    agreed.serverTakeover(),
                    agreed.clientTakeover(),
                    agreed.serverBits(),
                    agreed.clientBits()))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other",
        "permessage-deflate, permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; what",
        "permessage-deflate; server_no_context_takeover=0",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover"
      })
  void refusesAnswersThatCannotBe(String answer) {
    assertThat(answered(answer)).isNull();
  }
}
