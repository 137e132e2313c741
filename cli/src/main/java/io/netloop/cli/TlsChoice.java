package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.chat.Harmless;
import io.netloop.loop.NetException;
import io.netloop.net.Net;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.TlsOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options by which the chat room is encrypted: at most one of three ways to a certificate. */
final class TlsChoice {
  private static final int PLAIN_WEB_PORT = 8080;
  private static final int TLS_WEB_PORT = 8443;

  /** Where an ACME authority looks. */
  private static final int HTTPS = 443;

  private static final int HTTP = 80;

  private final Values values;

  TlsChoice(Values values) {
    this.values = values;
  }

  static CommandSpec add(CommandSpec command) {
    return command
        .addOption(
            OptionSpec.builder("--tls")
                .type(String[].class)
                .arity("2")
                .paramLabel("CERT KEY")
                .hideParamSyntax(true)
                .description(
                    "Encrypt everything, with these PEM files: the certificate, with those of its"
                        + " issuers, and its key. When they change, the new ones are used.")
                .build())
        .addOption(
            flag(
                "--self-signed",
                "Encrypt everything with a certificate of your local authority, for localhost, this"
                    + " machine's name and --host; ./netloop cert says how it is trusted."))
        .addOption(
            option(
                "--acme",
                "HOST[,HOST...]",
                null,
                "Encrypt everything with a certificate for these names that is obtained from Let's"
                    + " Encrypt, and renewed, by itself. That is to agree to its terms; port 443 of"
                    + " the names must lead here."))
        .addOption(
            option("--email", "ADDRESS", null, "With --acme: where the authority may write to."))
        .addOption(
            option(
                "--acme-directory",
                "URL",
                AcmeOptions.LETS_ENCRYPT.toString(),
                "With --acme: another authority than Let's Encrypt."))
        .addOption(
            option(
                "--acme-trust",
                "FILE",
                null,
                "With --acme: a PEM file with who is trusted to be that authority, for those inside"
                    + " a company."))
        .addOption(
            option(
                "--acme-folder",
                "FOLDER",
                null,
                "With --acme: where keys and certificates are kept; netloop/acme in your folder for"
                    + " settings without it."))
        .addOption(
            option(
                "--redirect-port",
                "PORT",
                null,
                "With TLS: a port on which browsers that come by http:// are sent on, 0 to 65535;"
                    + " none without it, with --acme 80."));
  }

  /** Whether one of the three ways is chosen. */
  boolean isOn() {
    return files() != null || values.flag("--self-signed") || isAcme();
  }

  private boolean isAcme() {
    return values.text("--acme") != null;
  }

  private String @Nullable [] files() {
    return values.value("--tls");
  }

  /** Where the page is, unless the user says it. */
  int defaultWebPort() {
    return isAcme() ? HTTPS : isOn() ? TLS_WEB_PORT : PLAIN_WEB_PORT;
  }

  /** Where browsers are sent on, or null for nowhere. */
  @Nullable Integer redirectPort() {
    if (values.text("--redirect-port") != null) {
      if (!isOn()) {
        throw values.wrong("--redirect-port needs --tls, --self-signed or --acme");
      }
      return values.number("--redirect-port", 0, 65_535);
    }
    return isAcme() ? HTTP : null;
  }

  /**
   * Whether browsers may be told never to come without TLS: not to what only this user trusts, be
   * it from files.
   */
  boolean isForGood(@Nullable TlsOptions chosen) {
    if (chosen == null || chosen.certificates() == null) {
      return false;
    }
    KeyAndChain pair = chosen.certificates().current();
    return isAcme() || (files() != null && pair != null && !isOwn(pair.certificate()));
  }

  private static boolean isOwn(X509Certificate shown) {
    return LocalAuthority.hasIssued(shown)
        || shown.getIssuerX500Principal().equals(shown.getSubjectX500Principal());
  }

  /** What is chosen, or null for no encryption. */
  @Nullable TlsOptions options(String host) {
    String[] files = files();
    List<String> chosen = new ArrayList<>();
    if (files != null) {
      chosen.add("--tls");
    }
    if (values.flag("--self-signed")) {
      chosen.add("--self-signed");
    }
    if (isAcme()) {
      chosen.add("--acme");
    }
    if (chosen.size() > 1) {
      throw values.wrong("only one can be given of " + String.join(" and ", chosen));
    }
    for (String option : List.of("--email", "--acme-trust", "--acme-folder")) {
      if (!isAcme() && values.text(option) != null) {
        throw values.wrong(option + " needs --acme");
      }
    }
    if (files != null) {
      return TlsOptions.pem(path("--tls", files[0]), path("--tls", files[1]));
    }
    if (isAcme()) {
      return TlsOptions.acme(acme());
    }
    return values.flag("--self-signed")
        ? TlsOptions.selfSigned(ownNames(host).toArray(String[]::new))
        : null;
  }

  /** The name by which clients ask for the room, or null where it is not encrypted. */
  @Nullable String name(@Nullable TlsOptions options, String host) {
    if (options == null || options.certificates() == null) {
      return null;
    }
    if (isAcme()) {
      return values.list("--acme").getFirst();
    }
    KeyAndChain pair = options.certificates().current();
    List<String> names = pair == null ? List.of() : pair.names();
    return names.isEmpty() || names.getFirst().startsWith("*") ? host : names.getFirst();
  }

  private AcmeOptions acme() {
    for (String name : values.list("--acme")) {
      if (name.startsWith("*.")) {
        throw values.wrong(
            "--acme can't be for " + Harmless.text(name) + ": wildcards are proved by dns-01 only");
      }
    }
    String trust = values.text("--acme-trust");
    String folder = values.text("--acme-folder");
    try {
      AcmeOptions options =
          AcmeOptions.of(values.list("--acme").toArray(String[]::new))
              .withEmail(values.text("--email"))
              .withDirectory(URI.create(String.valueOf(values.text("--acme-directory"))))
              .withTrust(trust == null ? null : path("--acme-trust", trust));
      return folder == null ? options : options.withFolder(path("--acme-folder", folder));
    } catch (NetException | IllegalArgumentException wrong) {
      throw values.wrong(Harmless.text(String.valueOf(wrong.getMessage())));
    }
  }

  private Path path(String option, String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException wrong) {
      throw values.wrong(option + " must be paths of files, not '" + Harmless.text(file) + "'");
    }
  }

  /** By what names this machine may be asked for. */
  static Set<String> ownNames(String host) {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    boolean isAny = Net.isIP(host) != 0 && InetAddress.ofLiteral(host).isAnyLocalAddress();
    if (!isAny && host.indexOf('%') < 0) {
      names.add(host);
    }
    try {
      String own = InetAddress.getLocalHost().getHostName();
      if (own.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")) {
        names.add(own);
      }
    } catch (UnknownHostException nameless) {
      // Then it is not asked for by a name.
    }
    return names;
  }
}
