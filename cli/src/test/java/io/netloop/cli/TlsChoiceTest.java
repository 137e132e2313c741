package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.Tls;
import io.netloop.tls.TlsOptions;
import io.netloop.tls.TlsServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** How an encrypted room is opened and joined. */
class TlsChoiceTest {
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine line = Main.commandLine(args).setErr(new PrintWriter(err));
    return line.execute(Main.rest(args));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chat --tls a.pem                            | --tls needs a value
          chat --tls a.pem a.key --self-signed        | only one can be given of --tls and --self-signed
          chat --self-signed --acme a.test            | only one can be given of --self-signed and --acme
          chat --email me@example.org                 | --email needs --acme
          chat --acme-folder x                        | --acme-folder needs --acme
          chat --redirect-port 80                     | --redirect-port needs --tls, --self-signed or --acme
          chat --self-signed --redirect-port x        | --redirect-port must be a whole number from 0 to 65535
          chat --acme 127.0.0.1                       | 127.0.0.1 is an address
          chat --acme *.a.test                        | wildcards are proved by dns-01 only
          chat --acme a.test --email me               | is no e-mail address
          chat --acme a.test --acme-directory http://a | is an https: URL
          join --insecure localhost                   | --insecure needs --tls
          join --ca a.pem localhost                   | --ca needs --tls
          join --tls                                  | --tls needs HOST
          join --tls --ca a.pem --insecure localhost  | only one can be given of --ca and --insecure
          """)
  void refusesWhatDoesNotFitTogether(String command, String sentence) {
    assertThat(run(command.split(" "))).isEqualTo(Usage.WRONG_USAGE);
    assertThat(err.toString()).contains(sentence);
  }

  @Test
  void saysWhichFileIsMissing() {
    assertThat(run("chat", "--tls", "nothing.pem", "nothing.key")).isOne();
    assertThat(err.toString())
        .isEqualTo(
            "netloop: ENOENT: the certificate file nothing.pem can't be read: there is no such"
                + " file.\n");
  }

  @Test
  void asksForThisMachineByAllItsNames() {
    assertThat(TlsChoice.ownNames("0.0.0.0")).contains("localhost", "127.0.0.1", "::1");
    assertThat(TlsChoice.ownNames("0.0.0.0")).doesNotContain("0.0.0.0");
    assertThat(TlsChoice.ownNames("::")).doesNotContain("::");
    assertThat(TlsChoice.ownNames("192.0.2.7")).contains("192.0.2.7");
    assertThat(TlsChoice.ownNames("fe80::1%eth0")).doesNotContain("fe80::1%eth0");
  }

  @Test
  void tellsBrowsersNothingForGoodWithACertificateOfALocalAuthority(@TempDir Path folder)
      throws Exception {
    KeyAndChain pair = LocalAuthority.in(folder).issue(List.of("localhost"));
    Path own = folder.resolve("authority.pem");
    Path chain = Files.writeString(folder.resolve("a.pem"), pair.chainPem());
    Path key = Files.writeString(folder.resolve("a.key"), pair.keyPem());

    for (List<Path> files :
        List.of(List.of(chain, key), List.of(own, folder.resolve("authority.key")))) {
      CommandLine line =
          new CommandLine(
              TlsChoice.add(Usage.command("chat", "A room.", (Callable<Integer>) () -> 0)));
      line.parseArgs("--tls", files.getFirst().toString(), files.getLast().toString());
      TlsChoice choice = new TlsChoice(new Values(line));
      TlsOptions chosen = choice.options("localhost");

      assertThat(choice.isForGood(chosen)).isFalse();
      chosen.certificates().close();
    }
  }

  @Test
  void trustsTheLocalAuthorityBesideThoseOfJava(@TempDir Path folder) {
    LocalAuthority authority = LocalAuthority.in(folder);
    KeyAndChain pair = authority.issue(List.of("localhost"));

    assertThat(connects(pair, TlsTrust.withLocal(LocalAuthority.certificateIn(folder)))).isTrue();
    assertThat(connects(pair, TlsTrust.withLocal(folder.resolve("none.pem")))).isFalse();
  }

  @Test
  void saysThatTheLocalAuthorityIsDamaged(@TempDir Path folder) throws Exception {
    Path damaged = Files.writeString(folder.resolve("authority.pem"), "damaged");

    assertThat(catchThrowable(() -> TlsTrust.withLocal(damaged)))
        .hasMessageContaining("The local authority's certificate " + damaged);
  }

  private static boolean connects(KeyAndChain pair, TlsOptions client) {
    CompletableFuture<Boolean> connected = new CompletableFuture<>();
    TlsServer server = Tls.createServer(TlsOptions.of(pair));
    server.listen(
        0,
        "127.0.0.1",
        () ->
            Tls.connect(
                    server.address().port(),
                    "localhost",
                    client,
                    socket -> {
                      connected.complete(true);
                      socket.destroy();
                    })
                .onError(error -> connected.complete(false)));
    try {
      return connected.orTimeout(20, TimeUnit.SECONDS).join();
    } finally {
      server.close();
    }
  }
}
