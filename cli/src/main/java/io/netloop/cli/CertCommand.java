package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.loop.NetException;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ./netloop cert}: certificates for development, from an authority of this user's own. */
final class CertCommand implements Callable<Integer> {
  private final CommandLine line;
  private final Values values;

  CertCommand(String name) {
    line =
        Usage.line(
            Usage.command(
                    name,
                    "Make a certificate for host names and IP addresses, signed by an authority of"
                        + " your own, which is made at the first time. What trusts that authority"
                        + " trusts all its certificates: without a NAME this only says how to have"
                        + " that done.",
                    this)
                .addPositional(
                    PositionalParamSpec.builder()
                        .paramLabel("NAME")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description(
                            "What the certificate is for: localhost, chat.example.org,"
                                + " '*.example.org', 192.0.2.7, ::1")
                        .build())
                .addOption(
                    option(
                        "--cert",
                        "FILE",
                        null,
                        "Where the certificate goes; the first name with .pem without it."))
                .addOption(
                    option(
                        "--key",
                        "FILE",
                        null,
                        "Where its key goes, readable by you only; the first name with .key without"
                            + " it."))
                .addOption(
                    option(
                        "--dir",
                        "FOLDER",
                        null,
                        "Where the authority is kept; netloop/authority in your folder for settings"
                            + " without it."))
                .addOption(flag("--force", "Replace files that exist.")));
    values = new Values(line);
  }

  CommandLine line() {
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Path given = path("--dir");
    Path folder = given == null ? LocalAuthority.defaultFolder() : given;
    boolean isNew = !Files.exists(LocalAuthority.certificateIn(folder));
    List<String> names = names();
    PrintWriter out = line.getOut();
    Path certificate = fileFor(names, "--cert", ".pem");
    Path key = fileFor(names, "--key", ".key");
    if (certificate != null && key != null && isSame(certificate, key)) {
      throw values.wrong("--cert and --key must be two files, not " + key + " for both");
    }
    LocalAuthority authority = LocalAuthority.in(folder);
    if (isNew) {
      out.println(
          "There is a new local authority in "
              + folder
              + ". Keep its key to yourself: who has it"
              + " can pretend to be any server towards whoever trusts it.");
      out.println();
    }
    if (certificate != null && key != null) {
      KeyAndChain pair = issue(authority, names);
      write(pair, certificate, key);
      out.println("The certificate is in " + certificate + ", its key in " + key + ".");
      out.println("It is for " + String.join(", ", names) + ", until " + pair.notAfter() + ".");
      out.println("The chat room with it: ./netloop chat --tls " + certificate + " " + key);
    }
    if (isNew || names.isEmpty()) {
      TrustAdvice.lines(LocalAuthority.certificateIn(folder).toAbsolutePath())
          .forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private List<String> names() {
    List<String> given = line.getCommandSpec().positionalParameters().getFirst().getValue();
    return given == null ? List.of() : given;
  }

  private KeyAndChain issue(LocalAuthority authority, List<String> names) {
    try {
      return authority.issue(names);
    } catch (NetException noName) {
      throw values.wrong(withoutStop(String.valueOf(noName.getMessage())));
    }
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** Where a file goes, or null where none is to be made. */
  private @Nullable Path fileFor(List<String> names, String option, String end) {
    Path given = path(option);
    if (names.isEmpty()) {
      if (given != null) {
        throw values.wrong(option + " needs a NAME to make a certificate for");
      }
      return null;
    }
    String title = names.getFirst().replaceAll("[^A-Za-z0-9._-]", "_");
    Path file = given == null ? Path.of(title + end) : given;
    if (Files.exists(file) && !values.flag("--force")) {
      throw values.wrong("there is a file " + file + " already; --force replaces it");
    }
    return file;
  }

  private static void write(KeyAndChain pair, Path certificate, Path key) throws IOException {
    try {
      pair.write(certificate, key);
    } catch (IOException failure) {
      throw new IOException("The certificate can't be written: " + failure, failure);
    }
  }

  private @Nullable Path path(String option) {
    String file = values.text(option);
    try {
      return file == null ? null : Path.of(file);
    } catch (InvalidPathException wrong) {
      throw values.wrong(option + " must be a path, not '" + file + "'");
    }
  }
}
