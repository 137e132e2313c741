package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.loop.NetException;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TestCertificates.Template;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenSSL and Node on the other side, as clients and as servers. */
class TlsPeersTest extends TlsTest {
  @TempDir private Path dir;

  @BeforeEach
  void writeFiles() {
    CERTIFICATES.writeAuthority(dir);
    TestCertificates.write(dir, "server", SERVER);
    TestCertificates.write(dir, "client", CERTIFICATES.sign("Alice", Template.of()));
  }

  private static TlsServer greeting(TlsTest test, TlsOptions options) {
    return test.listen(
        options,
        socket ->
            socket.end(
                "hello by %s %s %s\n"
                    .formatted(
                        socket.getProtocol(),
                        socket.alpnProtocol(),
                        socket.isSessionReused() ? "again" : "first")));
  }

  private Peer client(TlsServer server, String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + port(server),
                "-servername",
                "localhost",
                "-CAfile",
                "ca.pem",
                "-verify_return_error",
                "-ign_eof"));
    command.addAll(List.of(more));
    return Peer.of(dir, command.toArray(new String[0]));
  }

  // openssl s_client

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,-tls1_2,TLSv1.2",
    "OPENSSL,-tls1_3,TLSv1.3",
    "JDK,-tls1_2,TLSv1.2",
    "JDK,-tls1_3,TLSv1.3"
  })
  void opensslSpeaksBothVersions(TlsProvider provider, String flag, String version) {
    TlsServer server = greeting(this, serverOptions(provider).withAlpnProtocols("x"));

    try (Peer peer = client(server, flag, "-alpn", "y,x")) {
      assertThat(peer.all())
          .contains("Verify return code: 0 (ok)", "hello by " + version + " x first")
          .contains("ALPN protocol: x")
          .doesNotContain("unexpected eof");
    }
  }

  @ParameterizedTest
  @CsvSource({"-tls1,alert protocol version", "-tls1_1,alert protocol version"})
  void oldVersionsAreRefusedWithTheAlertForIt(String flag, String alert) {
    TlsServer server = greeting(this, serverOptions(TlsProvider.OPENSSL));

    try (Peer peer = client(server, flag, "-cipher", "ALL:@SECLEVEL=0")) {
      assertThat(peer.all()).contains(alert);
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,-tls1_2", "OPENSSL,-tls1_3", "JDK,-tls1_3"})
  void opensslResumesItsSession(TlsProvider provider, String flag) {
    TlsServer server = greeting(this, serverOptions(provider));

    try (Peer peer = client(server, flag, "-sess_out", "session.pem")) {
      assertThat(peer.all()).contains("first");
    }
    try (Peer peer = client(server, flag, "-sess_in", "session.pem")) {
      assertThat(peer.all()).contains("again", "Reused, TLSv1.");
    }
    assertThat(server.stats().resumed()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void opensslIsAskedForItsCertificate(TlsProvider provider) {
    CompletableFuture<String> subject = new CompletableFuture<>();
    TlsServer server =
        listen(
            serverOptions(provider).withRequestCert(true).withCa(List.of(CERTIFICATES.authority)),
            socket -> {
              subject.complete(socket.getPeerCertificate().getSubjectX500Principal().getName());
              socket.end("welcome\n");
            });

    try (Peer peer = client(server)) {
      assertThat(peer.all()).contains("certificate required");
    }
    try (Peer peer = client(server, "-cert", "client.pem", "-key", "client.key")) {
      assertThat(peer.all()).contains("welcome", "Acceptable client certificate CA names");
    }
    assertThat(join(subject)).isEqualTo("CN=Alice");
  }

  @Test
  void aRenegotiationIsRefused() {
    TlsServer server =
        listen(
            serverOptions(TlsProvider.JDK).withMaxVersion("TLSv1.2"),
            socket -> {
              socket.resume();
              socket.write("hello\n");
            });

    try (Peer peer =
        Peer.of(
            dir,
            "openssl",
            "s_client",
            "-connect",
            "127.0.0.1:" + port(server),
            "-tls1_2",
            "-legacy_renegotiation",
            "-CAfile",
            "ca.pem")) {
      await().until(() -> peer.output().contains("hello"));
      peer.type("R\n");
      assertThat(peer.all()).contains("RENEGOTIATING");
    }
    assertThat(server.stats().succeeded()).isEqualTo(1);
  }

  // openssl s_server

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,-tls1_2", "OPENSSL,-tls1_3", "JDK,-tls1_2", "JDK,-tls1_3"})
  void ourClientTalksToOpenssl(TlsProvider provider, String flag) {
    int port = freePort();
    try (Peer peer =
        Peer.of(
            dir,
            "openssl",
            "s_server",
            "-accept",
            "127.0.0.1:" + port,
            "-cert",
            "server.pem",
            "-key",
            "server.key",
            "-rev",
            flag,
            "-alpn",
            "x",
            "-Verify",
            "1",
            "-CAfile",
            "ca.pem")) {
      await().until(() -> peer.output().contains("ACCEPT"));
      TlsOptions options =
          clientOptions(provider)
              .withAlpnProtocols("x")
              .withCertificates(
                  CertificateSource.of(
                      KeyAndChain.read(dir.resolve("client.pem"), dir.resolve("client.key"))));
      CompletableFuture<String> answer = new CompletableFuture<>();

      connect(
          port,
          options,
          TcpOptions.defaults(),
          socket ->
              socket
                  .onSecureConnect(() -> socket.write("hello\n"))
                  .onError(answer::completeExceptionally)
                  .onData(data -> answer.complete(data + socket.alpnProtocol())));

      assertThat(join(answer)).isEqualTo("olleh\nx");
      await().until(() -> peer.output().contains("CN = Alice"));
    }
  }

  @Test
  void ourClientSaysWhatIsWrongWithOpensslsCertificate() {
    TestCertificates.write(dir, "other", CERTIFICATES.sign("other", Template.of("elsewhere.test")));
    int port = freePort();
    try (Peer peer =
        Peer.of(
            dir,
            "openssl",
            "s_server",
            "-accept",
            "127.0.0.1:" + port,
            "-cert",
            "other.pem",
            "-key",
            "other.key")) {
      await().until(() -> peer.output().contains("ACCEPT"));

      NetException error = outcome(port, clientOptions(TlsProvider.OPENSSL)).error();

      assertThat(error.code()).isEqualTo("ERR_TLS_CERT_ALTNAME_INVALID");
      assertThat(error).hasMessageContaining("DNS:elsewhere.test");
      await().until(() -> peer.output().contains("alert"));
    }
  }

  // Node

  private static final String NODE_CLIENT =
      """
      const tls = require('tls'), fs = require('fs');
      const [port, mode] = process.argv.slice(1);
      const options = { port, host: '127.0.0.1', servername: 'localhost', ca: fs.readFileSync('ca.pem') };
      if (mode === 'cert') {
        options.cert = fs.readFileSync('client.pem');
        options.key = fs.readFileSync('client.key');
      }
      const socket = tls.connect(options, () => {
        console.log('secureConnect', socket.authorized, socket.getProtocol());
        socket.end('question');
      });
      let got = 0;
      socket.on('data', data => { got += data.length; });
      socket.on('end', () => console.log('end', got));
      socket.on('error', error => console.log('error', error.code));
      socket.on('close', hadError => console.log('close', hadError));
      """;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void nodesClientEndsAndIsAnswered(TlsProvider provider) {
    TlsServer server =
        listen(
            new TlsServer(serverOptions(provider), TcpOptions.defaults().withAllowHalfOpen(true))
                .onSecureConnection(socket ->
                    all(socket)
                        .thenAccept(question -> {
                          socket.write(question);
                          socket.end(bytes(3_000_000));
                        })));

    try (Peer node = Peer.node(dir, NODE_CLIENT, port(server), "plain")) {
      assertThat(node.all().lines())
          .containsExactly("secureConnect true TLSv1.3", "end 3000008", "close false");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void nodesClientShowsItsCertificate(TlsProvider provider) {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TlsServer server =
        listen(
            serverOptions(provider).withRequestCert(true).withCa(List.of(CERTIFICATES.authority)),
            socket -> {
              accepted.complete(socket);
              socket.resume();
            });

    try (Peer node = Peer.node(dir, NODE_CLIENT, port(server), "cert")) {
      assertThat(node.all()).contains("close false");
    }
    assertThat(join(accepted).authorized()).isTrue();
    try (Peer node = Peer.node(dir, NODE_CLIENT, port(server), "plain")) {
      assertThat(node.all()).contains("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED");
    }
  }

  private static final String NODE_SERVER =
      """
      const tls = require('tls'), fs = require('fs');
      const server = tls.createServer({
        cert: fs.readFileSync('server.pem'), key: fs.readFileSync('server.key'),
        ALPNProtocols: ['x'], allowHalfOpen: true,
      }, socket => {
        console.log('secureConnection', socket.servername, socket.alpnProtocol,
          socket.isSessionReused());
        let text = '';
        socket.on('data', data => {
          text += data;
          if (text === 'hello') socket.end('you said ' + text);
        });
        socket.on('end', () => console.log('end', text));
        socket.on('error', error => console.log('error', error.code));
      });
      server.on('tlsClientError', error => console.log('tlsClientError', error.code));
      server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port + ';'));
      """;

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void ourClientTalksToNode(TlsProvider provider) {
    try (Peer node = Peer.node(dir, NODE_SERVER)) {
      await().until(() -> node.output().contains(";"));
      int port = Integer.parseInt(node.output().replaceAll("(?s).*port (\\d+);.*", "$1"));
      TlsOptions options = clientOptions(provider).withAlpnProtocols("x");

      for (int round = 0; round < 2; round++) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        connect(
            port,
            options,
            TcpOptions.defaults(),
            socket -> {
              all(socket).thenAccept(answer::complete);
              socket.write("hello");
            });
        assertThat(join(answer)).isEqualTo("you said hello");
      }
      await()
          .untilAsserted(() ->
              assertThat(node.output())
                  .contains("secureConnection localhost x false")
                  .contains("secureConnection localhost x true"));
      outcome(port, TlsOptions.client().withProvider(provider));
      await().until(() -> node.output().contains("tlsClientError ERR_SSL_"));
    }
  }

  private static final String NODE_IDENTITIES =
      """
      const tls = require('tls');
      for (const [host, san, cn] of JSON.parse(process.argv[1])) {
        const cert = { subject: cn ? { CN: cn } : {}, subjectaltname: san || undefined };
        const error = tls.checkServerIdentity(host, cert);
        console.log(error ? error.message : 'fits');
      }
      """;

  @Test
  void namesAreComparedAsNodeDoes() {
    String[][] cases = {
      {"localhost", "DNS:localhost", ""},
      {"LOCALHOST", "DNS:localhost", ""},
      {"localhost.", "DNS:localhost", ""},
      {"a.test", "DNS:*.test", ""},
      {"a.b.test", "DNS:*.b.test", ""},
      {"x.a.b.test", "DNS:*.b.test", ""},
      {"b.test", "DNS:*.b.test", ""},
      {"other.test", "DNS:one.test, DNS:two.test", ""},
      {"127.0.0.1", "IP Address:127.0.0.1", ""},
      {"127.0.0.2", "IP Address:127.0.0.1, DNS:127.0.0.2", ""},
      {"common.test", "", "common.test"},
      {"common.test", "DNS:other.test", "common.test"},
      {"wrong.test", "", "common.test"},
      {"none.test", "", ""},
    };
    StringBuilder json = new StringBuilder("[");
    for (String[] each : cases) {
      json.append(json.length() == 1 ? "" : ",")
          .append("[\"%s\",\"%s\",\"%s\"]".formatted(each[0], each[1], each[2]));
    }
    List<String> nodes;
    try (Peer node = Peer.node(dir, NODE_IDENTITIES, json.append("]"))) {
      nodes = node.all().lines().toList();
    }

    for (int i = 0; i < cases.length; i++) {
      String[] names =
          cases[i][1].isEmpty()
              ? new String[0]
              : cases[i][1].replaceAll("DNS:|IP Address:", "").split(", ", -1);
      Template says = Template.of(names);
      KeyAndChain pair = CERTIFICATES.titled(cases[i][2], says, cases[i][1].contains("DNS:127"));
      NetException error = Tls.checkServerIdentity(cases[i][0], pair.certificate());
      assertThat(error == null ? "fits" : error.getMessage())
          .describedAs(String.join(" | ", cases[i]))
          .isEqualTo(nodes.get(i));
    }
  }
}
