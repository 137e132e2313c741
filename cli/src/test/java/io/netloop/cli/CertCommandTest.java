package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CertCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** With an authority, and files, in the test's folder. */
  private int cert(String... args) {
    List<String> all = new ArrayList<>(List.of("cert", "--dir", folder.resolve("own").toString()));
    all.addAll(List.of(args));
    String[] given = all.toArray(String[]::new);
    CommandLine line =
        Main.commandLine(given).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(Main.rest(given));
  }

  private String[] files(String... names) {
    List<String> all =
        new ArrayList<>(List.of("--cert", certificate().toString(), "--key", key().toString()));
    all.addAll(List.of(names));
    return all.toArray(String[]::new);
  }

  private Path certificate() {
    return folder.resolve("a.pem");
  }

  private Path key() {
    return folder.resolve("a.key");
  }

  @Test
  void makesAnAuthorityAtTheFirstTimeAndSaysHowToTrustIt() {
    assertThat(cert(files("localhost", "*.wild.test", "::1"))).isZero();

    assertThat(out.toString())
        .startsWith("There is a new local authority in " + folder.resolve("own"))
        .contains("The certificate is in " + certificate() + ", its key in " + key())
        .contains("It is for localhost, *.wild.test, ::1, until ")
        .contains("./netloop chat --tls " + certificate() + " " + key())
        .contains("update-ca-certificates", "security add-trusted-cert", "certutil", "keytool")
        .contains("Firefox", "NODE_EXTRA_CA_CERTS", "curl --cacert")
        .contains(folder.resolve("own").resolve("authority.pem").toString());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void signsAllByTheSameAuthorityAndSaysLessTheSecondTime() {
    cert(files("one.test"));
    String first = LocalAuthority.in(folder.resolve("own")).certificatePem();
    out.getBuffer().setLength(0);

    assertThat(cert(files("--force", "two.test"))).isZero();

    assertThat(out.toString()).startsWith("The certificate is in").doesNotContain("Firefox");
    assertThat(LocalAuthority.in(folder.resolve("own")).certificatePem()).isEqualTo(first);
    assertThat(KeyAndChain.read(certificate(), key()).names()).containsExactly("two.test");
  }

  @Test
  void makesAKeyThatOnlyTheUserReads() throws IOException {
    cert(files("localhost"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
        .isEqualTo("rw-------");
  }

  @Test
  void saysHowToTrustWithoutAName() {
    cert(files("localhost"));
    out.getBuffer().setLength(0);

    assertThat(cert()).isZero();

    assertThat(out.toString()).contains("trust the local authority").doesNotContain("is in");
  }

  @Test
  void refusesOneFileForBoth() {
    Path again = folder.resolve("x").resolve("..").resolve("a.pem");

    assertThat(cert("--cert", certificate().toString(), "--key", again.toString(), "localhost"))
        .isEqualTo(Usage.WRONG_USAGE);

    assertThat(err.toString()).contains("--cert and --key must be two files, not " + again);
    assertThat(certificate()).doesNotExist();
    assertThat(folder.resolve("own")).doesNotExist();
  }

  @Test
  void replacesNothingUnlessItIsForced() throws IOException {
    Files.writeString(certificate(), "precious");

    assertThat(cert(files("localhost"))).isEqualTo(Usage.WRONG_USAGE);

    assertThat(err.toString())
        .isEqualTo(
            "netloop: there is a file "
                + certificate()
                + " already; --force replaces it (./netloop cert --help).\n");
    assertThat(certificate()).hasContent("precious");
    assertThat(key()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "http://a", "*", "a..b"})
  void refusesWhatIsNoName(String name) {
    assertThat(cert(files(name))).isEqualTo(Usage.WRONG_USAGE);

    assertThat(err.toString())
        .startsWith("netloop: A certificate can't be for '" + name + "'")
        .endsWith("(./netloop cert --help).\n");
    assertThat(certificate()).doesNotExist();
  }

  @Test
  void needsANameForFiles() {
    assertThat(cert(files())).isEqualTo(Usage.WRONG_USAGE);

    assertThat(err.toString()).contains("--cert needs a NAME to make a certificate for");
  }

  @Test
  void saysWhereItCannotWrite() {
    String nowhere = folder.resolve("no").resolve("a.pem").toString();

    assertThat(cert("--cert", nowhere, "--key", key().toString(), "localhost")).isOne();

    assertThat(err.toString()).startsWith("netloop: The certificate can't be written: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"/a/b.pem | /a/b.pem", "/a b.pem | '/a b.pem'", "/it's.pem | '/it'\\''s.pem'"})
  void quotesTheFileForTheShell(String path, String quoted) {
    assertThat(TrustAdvice.lines(Path.of(path)))
        .anyMatch(line -> line.endsWith("NODE_EXTRA_CA_CERTS=" + quoted));
  }
}
