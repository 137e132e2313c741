package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.tls.TestCertificates.Template;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What testssl.sh finds (Debian's package of that name). It takes minutes, and so runs on request
 * only: {@code -Dnetloop.testssl=true}.
 */
@EnabledIfSystemProperty(named = "netloop.testssl", matches = "true")
class TestsslTest extends TlsTest {
  private static final Pattern FINDING =
      Pattern.compile(
          "\"id\"\\s*:\\s*\"([^\"]*)\".*?\"severity\"\\s*:\\s*\"([^\"]*)\"", Pattern.DOTALL);

  /** What is about the test's own certificate and names, and not about TLS. */
  private static final List<String> OURS =
      List.of("engine_problem", "cert_revocation", "cert_expirationStatus", "DNS_CAArecord");

  @TempDir private Path dir;

  @Test
  void findsNothingAboveLow() throws Exception {
    boolean isThere =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "testssl")));
    assumeTrue(isThere, "testssl is not installed");
    CERTIFICATES.writeAuthority(dir);
    KeyAndChain pair =
        CERTIFICATES.sign(
            "localhost", Template.of("localhost").withPurpose(KeyPurposeId.id_kp_serverAuth));
    TlsServer server = listen(TlsOptions.of(pair), socket -> socket.end("hello\n"));

    Process process =
        new ProcessBuilder(
                "testssl",
                "--quiet",
                "--color",
                "0",
                "--warnings",
                "off",
                "--add-ca",
                "ca.pem",
                "--jsonfile",
                "findings.json",
                "--assume-http",
                "--ip",
                "127.0.0.1",
                "localhost:" + port(server))
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out").toFile())
            .start();
    try {
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }

    List<String> found = new ArrayList<>();
    int all = 0;
    Matcher finding = FINDING.matcher(Files.readString(dir.resolve("findings.json")));
    while (finding.find()) {
      all++;
      boolean harmless = List.of("OK", "INFO", "LOW", "DEBUG").contains(finding.group(2));
      if (!harmless && !OURS.contains(finding.group(1))) {
        found.add(finding.group(2) + " " + finding.group(1));
      }
    }
    assertThat(all).isGreaterThan(50);
    assertThat(found).isEmpty();
  }
}
