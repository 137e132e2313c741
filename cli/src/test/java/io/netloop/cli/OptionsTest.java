package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Every wrong use gets a sentence that names it, and status 2. */
class OptionsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine line =
        Main.commandLine(args).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(Main.rest(args));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --port          | x        | 0 to 65535
          --port          | 65536    | 0 to 65535
          --port          | -1       | 0 to 65535
          --port          | ''       | 0 to 65535
          --port          | 3000.5   | 0 to 65535
          --port          | 99999999999999999999 | 0 to 65535
          --web-port      | 70000    | 0 to 65535
          --web-port      | 3000     | another port than --port
          --origin        | example.org | like https://chat.example.org
          --origin        | https://a,  | like https://chat.example.org
          --trust-proxy   | proxy    | addresses such as 127.0.0.1
          --trust-proxy   | 10.0.0.0/33 | addresses such as 127.0.0.1
          --max-users     | 0        | 1 to 1000000
          --max-message   | 63       | 64 to 16777216
          --rate          | 0        | 1 to 1000000
          --burst         | many     | 1 to 1000000
          --queue         | 1        | 1024 to 1073741824
          --per-address   | 1000001  | 1 to 1000000
          --per-network   | 0        | 1 to 1000000
          --per-second    | 0        | 1 to 1000000
          --max-connections | -5     | 1 to 1000000
          --workers       | 0        | 1 to 1024
          --workers       | 1025     | 1 to 1024
          --workers       | all      | 1 to 1024
          --login-timeout | 0        | 1 to 86400
          --idle-timeout  | 2592001  | 0 to 2592000
          --legacy-gap    | 1001     | 0 to 1000
          --lang          | fr       | zh or en
          --host          | ''       | a name or an address
          --host          | a b      | a name or an address
          --host          | http://a | a name or an address
          --name          | ''       | 1 to 64 visible characters
          --name          | ' '      | 1 to 64 visible characters
          --discovery-port | 0       | 1 to 65535
          --discovery-port | 65536   | 1 to 65535
          --discovery-via | ''       | an IPv4 address of this machine
          --discovery-via | ::1      | an IPv4 address of this machine
          --discovery-via | 192.0.2.1 | an IPv4 address of this machine
          --discovery-via | localhost | an IPv4 address of this machine
          """)
  void chatNamesTheOptionTheValueAndWhatIsAllowed(String option, String value, String allowed) {
    assertThat(run("chat", option, value)).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("netloop: " + option + " must be ")
        .contains(allowed, "'" + value + "'", "(./netloop chat --help).");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --nick | a b  | --nick must be 1 to 32 characters
          --nick | @ann | --nick must be 1 to 32 characters
          --nick | ''   | --nick must be 1 to 32 characters
          --lang | fr   | --lang must be zh or en
          --discovery-port | 0         | --discovery-port must be a whole number from 1 to 65535
          --discovery-via  | 192.0.2.1 | --discovery-via must be an IPv4 address of this machine
          """)
  void joinNamesTheOptionAndTheValue(String option, String value, String sentence) {
    assertThat(run("join", option, value)).isEqualTo(2);

    assertThat(err.toString()).startsWith("netloop: " + sentence).contains("'" + value + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1", "a:b", "a:", ":3000", "a b", "a:123456", "http://a", ""})
  void joinNamesATargetThatIsNone(String target) {
    assertThat(run("join", target)).isEqualTo(2);

    assertThat(err.toString()).contains("HOST[:PORT] must be like", "'" + target + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:0", "a:65536", "[::1]:99999"})
  void joinNamesAPortThatIsNone(String target) {
    assertThat(run("join", target)).isEqualTo(2);

    assertThat(err.toString()).contains("the port in HOST[:PORT]", "'" + target + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          chat --prot 1          | there is no option --prot
          chat --port            | --port needs a value
          chat --port 1 --port 2 | --port is given twice
          chat now               | nothing is known about 'now'
          chat --no-web=3        | --no-web
          join a b               | nothing is known about 'b'
          join --nick            | --nick needs a value
          serve a b              | nothing is known about 'b'
          serve --index          | there is no option --index
          serve /none/at/all     | DIR must be a directory, and '/none/at/all' is not: there is none
          serve pom.xml          | DIR must be a directory, and 'pom.xml' is not: that is a file
          serve . --port x       | --port must be a whole number from 0 to 65535, not 'x'
          serve . --host a/b     | --host must be a name or an address
          dance                  | nothing is known about 'dance'
          """)
  void namesWhatItDoesNotKnow(String args, String sentence) {
    assertThat(run(args.split(" ", -1))).isEqualTo(2);

    assertThat(err.toString()).startsWith("netloop: ").contains(sentence, "--help).");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --help      | Usage: ./netloop [OPTIONS] [COMMAND]
          chat --help | Usage: ./netloop chat [OPTIONS]
          join -h     | Usage: ./netloop join [OPTIONS] [HOST[:PORT]]
          serve -h    | Usage: ./netloop serve [OPTIONS] [DIR]
          """)
  void helpsOnEveryLevel(String args, String usage) {
    assertThat(run(args.split(" ", -1))).isZero();

    assertThat(out.toString()).startsWith(usage).contains("Exit status:");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void saysHowBrowsersAreServed() {
    run("chat", "--help");

    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains(
            "The port of the page for browsers, 0 to 65535 (8080; with TLS 8443, with --acme 443).")
        .contains("--no-web Do not serve the room to browsers.")
        .contains("--origin=ORIGIN[,ORIGIN...] Whose pages may join")
        .contains("Proxies that are believed whom they speak for (X-Forwarded-For)")
        .contains("--access-log Log each request of a browser");
  }

  @Test
  void saysHowRoomsAreFound() {
    run("chat", "--help");
    run("join", "--help");

    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("--no-announce Do not announce the room.")
        .contains(
            "says there each second that it is, so that ./netloop join finds it; one with TLS does not.")
        .contains("rooms are looked for on the network for a second")
        .contains("and if there is none, it is on this machine.");
  }

  @Test
  void takesNoNameThatDrivesATerminal() {
    assertThat(run("chat", "--name", "a\u001b[2J")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("netloop: --name must be 1 to 64 visible characters, not 'a␛[2J'");
  }
}
