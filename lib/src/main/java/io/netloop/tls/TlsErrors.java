package io.netloop.tls;

import io.netloop.loop.NetException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslClosedEngineException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes errors with Node's codes out of what the engines throw. */
final class TlsErrors {
  private static final Pattern OPENSSL =
      Pattern.compile("error:[0-9a-fA-F]+:SSL routines:[^:]*:([A-Z0-9_]+).*", Pattern.DOTALL);
  private static final Pattern JDK_ALERT =
      Pattern.compile("(?:\\([a-z_]+\\) )?Received fatal alert: ([a-z_]+).*");

  /** What the JDK says, and OpenSSL's word for it. */
  private static final Map<String, String> JDK_WORDS =
      Map.of(
          "no cipher suites in common", "NO_SHARED_CIPHER",
          "Client requested protocol", "UNSUPPORTED_PROTOCOL",
          "The client supported protocol versions", "UNSUPPORTED_PROTOCOL",
          "is not enabled or not supported", "UNSUPPORTED_PROTOCOL",
          "Unsupported or unrecognized SSL message", "WRONG_VERSION_NUMBER",
          "Tag mismatch", "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
          "Empty client certificate chain", "PEER_DID_NOT_RETURN_A_CERTIFICATE",
          "No name matching", "CERTIFICATE_VERIFY_FAILED");

  private static final Map<String, String> SENTENCES =
      Map.ofEntries(
          Map.entry(
              "NO_SHARED_CIPHER",
              "The peers have no cipher suite in common, or the certificate's key fits none."),
          Map.entry(
              "UNSUPPORTED_PROTOCOL", "The peer speaks no version of TLS that is allowed here."),
          Map.entry("WRONG_VERSION_NUMBER", "wrong version number: what has come is no TLS."),
          Map.entry(
              "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
              "decryption failed or bad record mac: what has come was changed on its way."),
          Map.entry(
              "PEER_DID_NOT_RETURN_A_CERTIFICATE",
              "peer did not return a certificate: this server takes only clients that show one."),
          Map.entry(
              "TLSV1_ALERT_PROTOCOL_VERSION",
              "The peer speaks no version of TLS that is allowed here (alert protocol_version)."),
          Map.entry(
              "SSLV3_ALERT_HANDSHAKE_FAILURE",
              "The peer found no way to agree: no common cipher or version, or a certificate is"
                  + " missing (alert handshake_failure)."),
          Map.entry(
              "TLSV1_ALERT_UNKNOWN_CA",
              "The peer does not know the authority that has signed our certificate (alert"
                  + " unknown_ca)."),
          Map.entry(
              "TLSV1_ALERT_CERTIFICATE_REQUIRED",
              "The peer wants a certificate, and none was shown (alert certificate_required)."),
          Map.entry(
              "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
              "The peers have no protocol above TLS in common (alert no_application_protocol)."));

  private TlsErrors() {}

  /** What a failure means; null where it is not the encryption's. */
  static @Nullable NetException of(Throwable failure) {
    if (failure instanceof NetException known) {
      return known;
    }
    Throwable cause =
        failure instanceof DecoderException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof NetException known) {
      return known;
    }
    if (cause instanceof SslClosedEngineException) {
      return new NetException("EPIPE", "This socket has been ended by the other party", cause);
    }
    if (cause instanceof NotSslRecordException) {
      return error("WRONG_VERSION_NUMBER", cause);
    }
    return cause instanceof SSLException broken ? ofEngine(broken) : null;
  }

  private static NetException ofEngine(SSLException broken) {
    String message = String.valueOf(broken.getMessage());
    Matcher openSsl = OPENSSL.matcher(message);
    if (openSsl.matches()) {
      return error(openSsl.group(1), broken);
    }
    Matcher alert = JDK_ALERT.matcher(message);
    if (alert.matches()) {
      return error(alertWord(alert.group(1)), broken);
    }
    for (Map.Entry<String, String> known : JDK_WORDS.entrySet()) {
      if (message.contains(known.getKey())) {
        return error(known.getValue(), broken);
      }
    }
    return new NetException("EPROTO", "TLS: " + message, broken);
  }

  /** What a peer's alert means, by its number (RFC 8446 §6). */
  static NetException ofAlert(int number) {
    String name =
        switch (number) {
          case 10 -> "unexpected_message";
          case 20 -> "bad_record_mac";
          case 22 -> "record_overflow";
          case 40 -> "handshake_failure";
          case 42 -> "bad_certificate";
          case 43 -> "unsupported_certificate";
          case 44 -> "certificate_revoked";
          case 45 -> "certificate_expired";
          case 46 -> "certificate_unknown";
          case 47 -> "illegal_parameter";
          case 48 -> "unknown_ca";
          case 49 -> "access_denied";
          case 50 -> "decode_error";
          case 51 -> "decrypt_error";
          case 70 -> "protocol_version";
          case 71 -> "insufficient_security";
          case 80 -> "internal_error";
          case 86 -> "inappropriate_fallback";
          case 90 -> "user_canceled";
          case 109 -> "missing_extension";
          case 110 -> "unsupported_extension";
          case 112 -> "unrecognized_name";
          case 116 -> "certificate_required";
          case 120 -> "no_application_protocol";
          default -> "number_" + number;
        };
    return error(alertWord(name), null);
  }

  /** OpenSSL's word for an alert: those that SSL 3 had keep their old name. */
  private static String alertWord(String alert) {
    return switch (alert) {
      case "handshake_failure",
          "unexpected_message",
          "bad_record_mac",
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "illegal_parameter" ->
          "SSLV3_ALERT_" + alert.toUpperCase(Locale.ROOT);
      default -> "TLSV1_ALERT_" + alert.toUpperCase(Locale.ROOT);
    };
  }

  private static NetException error(String word, @Nullable Throwable cause) {
    String words = word.toLowerCase(Locale.ROOT).replace('_', ' ');
    String sentence = SENTENCES.getOrDefault(word, "TLS: " + words + ".");
    return new NetException("ERR_SSL_" + word, sentence, cause);
  }
}
