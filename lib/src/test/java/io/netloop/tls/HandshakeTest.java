package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.NetException;
import io.netloop.net.TcpOptions;
import io.netloop.net.TcpSocket;
import io.netloop.tls.TestCertificates.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What two of our own peers agree on, and what they refuse; with both providers. */
class HandshakeTest extends TlsTest {
  @TempDir private Path dir;

  private static void failsWith(Outcome outcome, String code, String... parts) {
    assertThat(outcome.error()).isNotNull();
    assertThat(outcome.error().code()).describedAs(outcome.error().getMessage()).isEqualTo(code);
    for (String part : parts) {
      assertThat(outcome.error().getMessage()).contains(part);
    }
  }

  // What is agreed on

  @ParameterizedTest
  @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
  void bothSidesKnowWhatWasAgreedOn(TlsProvider servers, TlsProvider clients) {
    Pair pair =
        pair(
            serverOptions(servers).withAlpnProtocols("b", "a"),
            clientOptions(clients).withAlpnProtocols("a", "c"),
            TcpOptions.defaults());

    for (TcpSocket socket : List.of(pair.client(), pair.accepted())) {
      assertThat(socket.encrypted()).isTrue();
      assertThat(socket.getProtocol()).isEqualTo("TLSv1.3");
      assertThat(socket.getCipher()).startsWith("TLS_");
      assertThat(socket.servername()).isEqualTo("localhost");
      assertThat(socket.alpnProtocol()).isEqualTo("a");
      assertThat(socket.isSessionReused()).isFalse();
      assertThat(socket.authorizationError()).isNull();
    }
    assertThat(pair.client().authorized()).isTrue();
    assertThat(pair.client().getPeerCertificate()).isEqualTo(SERVER.certificate());
    assertThat(pair.client().getCertificate()).isNull();
    assertThat(pair.accepted().authorized()).isFalse();
    assertThat(pair.accepted().getPeerCertificate()).isNull();
    assertThat(pair.accepted().getPeerCertificates()).isEmpty();
    assertThat(pair.accepted().getCertificate()).isEqualTo(SERVER.certificate());
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void theVersionIsTheHighestThatBothAllow(TlsProvider provider) {
    TlsServer old = listen(serverOptions(provider).withMaxVersion("TLSv1.2"), socket -> {});
    TlsServer young = listen(serverOptions(provider).withMinVersion("TLSv1.3"), socket -> {});
    TlsOptions client = clientOptions(provider);

    assertThat(outcome(old, client).socket().getProtocol()).isEqualTo("TLSv1.2");
    assertThat(outcome(young, client).socket().getProtocol()).isEqualTo("TLSv1.3");
    failsWith(
        outcome(young, client.withMaxVersion("TLSv1.2")),
        "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
        "no version of TLS that is allowed");
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst().code()).isEqualTo("ERR_SSL_UNSUPPORTED_PROTOCOL");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL,ECDHE-ECDSA-AES256-GCM-SHA384,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "OPENSSL,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "JDK,ECDHE-ECDSA-AES256-GCM-SHA384,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "JDK,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
  })
  void theServersListOfCiphersCounts(TlsProvider provider, String wish, String agreed) {
    TlsServer server =
        listen(
            serverOptions(provider).withMaxVersion("TLSv1.2").withCiphers("nonsense:" + wish),
            socket -> {});

    assertThat(outcome(server, clientOptions(provider)).socket().getCipher()).isEqualTo(agreed);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void withoutACommonCipherBothSaySo(TlsProvider provider) {
    TlsServer server =
        listen(
            serverOptions(provider)
                .withMaxVersion("TLSv1.2")
                .withCiphers("ECDHE-ECDSA-AES256-GCM-SHA384"),
            socket -> {});

    Outcome outcome =
        outcome(server, clientOptions(provider).withCiphers("ECDHE-ECDSA-AES128-GCM-SHA256"));

    failsWith(outcome, "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "no common cipher");
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst().code()).isEqualTo("ERR_SSL_NO_SHARED_CIPHER");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void wishesThatNobodyCanFulfilAreRefusedAtOnce(TlsProvider provider) {
    TlsOptions options = serverOptions(provider);

    assertThatThrownBy(() -> Tls.createServer(options.withCiphers("NOTHING:NULL")))
        .isInstanceOf(NetException.class)
        .hasMessageContaining("NOTHING");
    assertThatThrownBy(() -> options.withCiphers(" : "))
        .hasMessage("The list of ciphers ' : ' is empty.");
    assertThatThrownBy(() -> options.withMinVersion("TLSv1.1"))
        .hasMessageStartingWith("\"TLSv1.1\" is not a valid minimum TLS protocol version");
    assertThatThrownBy(() -> options.withMaxVersion("TLSv1.2").withMinVersion("TLSv1.3"))
        .hasMessage("minVersion TLSv1.3 is higher than maxVersion TLSv1.2.");
    assertThatThrownBy(() -> options.withTicketKeys(new byte[47]))
        .hasMessage("Session ticket keys must be a 48-byte buffer, not 47.");
    assertThatThrownBy(() -> options.withHandshakeTimeout(Duration.ZERO))
        .hasMessage("handshakeTimeout must be more than 0 and at most 24 days, not PT0S.");
    assertThatThrownBy(() -> options.withAlpnProtocols(""))
        .hasMessage("The name of a protocol has 1 to 255 bytes, not 0.");
  }

  @Test
  void theJdksTlsSaysWhatItHasNot() {
    TlsOptions jdk = serverOptions(TlsProvider.JDK);

    assertThatThrownBy(() -> Tls.createServer(jdk.withTicketKeys(new byte[48])))
        .hasMessageContaining("need the provider openssl");
    assertThatThrownBy(() -> Tls.createServer(jdk.withKeyLog(dir.resolve("keys"))))
        .hasMessageContaining("needs the provider openssl");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void groupsCanBeChosen(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider).withGroups("secp384r1"), socket -> {});
    TlsOptions client = clientOptions(provider);

    assertThat(outcome(server, client.withGroups("x25519", "secp384r1")).error()).isNull();
    assertThat(outcome(server, client.withGroups("x25519")).error()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void keysOfRsaWorkAsWell(TlsProvider provider) {
    KeyAndChain rsa = CERTIFICATES.sign("rsa", Template.of("localhost").withKey("RSA"));
    TlsServer server = listen(TlsOptions.of(rsa).withProvider(provider), socket -> {});

    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      Outcome outcome = outcome(server, clientOptions(provider).withMaxVersion(version));
      assertThat(outcome.error()).isNull();
      assertThat(outcome.socket().getPeerCertificate()).isEqualTo(rsa.certificate());
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void withoutACertificateTheServerLivesAndHandshakesFail(TlsProvider provider) {
    KeyAndChain[] current = {null};
    CertificateSource later = () -> current[0];
    TlsServer server = listen(TlsOptions.of(later).withProvider(provider), socket -> {});

    failsWith(outcome(server, clientOptions(provider)), "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst().code()).isEqualTo("ERR_TLS_NO_CERTIFICATE");

    current[0] = SERVER;
    assertThat(outcome(server, clientOptions(provider)).error()).isNull();
  }

  // What is spoken above

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whoOffersOnlyOtherProtocolsIsRefused(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider).withAlpnProtocols("http/1.1"), socket -> {});

    failsWith(
        outcome(server, clientOptions(provider).withAlpnProtocols("h2", "x")),
        "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
        "no protocol above TLS in common");
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst())
        .hasMessage("The client offers to speak [h2, x], and this server none of that.");
    assertThat(outcome(server, clientOptions(provider)).socket().alpnProtocol()).isNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aCallbackChoosesTheProtocol(TlsProvider provider) {
    List<String> asked = new ArrayList<>();
    TlsServer server =
        listen(
            serverOptions(provider)
                .withAlpnCallback((name, offered) -> {
                  asked.add(name + offered);
                  return offered.contains("no") ? null : offered.getLast();
                }),
            socket -> {});
    TlsOptions client = clientOptions(provider);

    assertThat(outcome(server, client.withAlpnProtocols("x", "y")).socket().alpnProtocol())
        .isEqualTo("y");
    assertThat(outcome(server, client.withAlpnProtocols("no")).error().code())
        .isEqualTo("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");
    assertThat(asked).containsExactly("localhost[x, y]", "localhost[no]");
  }

  /** Each has engines of its own, in native memory, and clients can think of many. */
  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aCallbackThatChoosesWhateverClientsSayIsNotFollowedForLong(TlsProvider provider) {
    TlsServer server =
        listen(
            serverOptions(provider).withAlpnCallback((name, offered) -> offered.getFirst()),
            socket -> {});
    TlsOptions client = clientOptions(provider);
    for (int i = 0; i < 16; i++) {
      assertThat(outcome(server, client.withAlpnProtocols("p" + i)).socket().alpnProtocol())
          .isEqualTo("p" + i);
    }

    assertThat(outcome(server, client.withAlpnProtocols("p16")).error().code())
        .isEqualTo("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL");

    assertThat(outcome(server, client.withAlpnProtocols("p3")).socket().alpnProtocol())
        .isEqualTo("p3");
    assertThat(outcome(server, client).error()).isNull();
  }

  // Whom to trust

  /** It is a long list in a file, and loops would wait for it. */
  @Test
  void whatTheSystemTrustsIsReadOnceForAll() {
    assertThat(TlsOptions.client().withServername("a.test").peerCheck().trust())
        .isSameAs(TlsOptions.client().withServername("b.test").peerCheck().trust());
  }

  /** And not when the first client comes. */
  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void authoritiesThatCanNotBeUsedAreRefusedWhenTheServerIsMade(TlsProvider provider)
      throws Exception {
    TlsOptions none =
        serverOptions(provider)
            .withRequestCert(true)
            .withCa(List.of())
            .withCrl(List.of(CERTIFICATES.revoking()));

    assertThatThrownBy(() -> new TlsServer(none, TcpOptions.defaults()))
        .isInstanceOfSatisfying(
            NetException.class,
            refused -> assertThat(refused.code()).isEqualTo("ERR_TLS_INVALID_CONTEXT"))
        .hasMessageStartingWith("The authorities to trust can't be used: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void anAcmeAuthorityIsShownTheProofItAsksFor(TlsProvider provider) {
    KeyAndChain proof = TestCertificates.selfSigned("proof", Template.of("chat.example.test"));
    CertificateSource source =
        new CertificateSource() {
          @Override
          public KeyAndChain current() {
            return SERVER;
          }

          @Override
          public KeyAndChain challenge(String serverName) {
            return serverName.equals("chat.example.test") ? proof : null;
          }
        };
    AtomicInteger connections = new AtomicInteger();
    TlsServer server =
        listen(
            TlsOptions.of(source)
                .withProvider(provider)
                .withAlpnProtocols("http/1.1")
                .withRequestCert(true)
                .withCa(List.of(CERTIFICATES.authority)),
            socket -> connections.incrementAndGet());
    TlsOptions authority =
        clientOptions(provider).withRejectUnauthorized(false).withAlpnProtocols("acme-tls/1");

    TcpSocket shown = outcome(server, authority.withServername("chat.example.test")).socket();
    assertThat(shown.getPeerCertificate()).isEqualTo(proof.certificate());
    assertThat(shown.alpnProtocol()).isEqualTo("acme-tls/1");
    CompletableFuture<Void> closed = new CompletableFuture<>();
    shown.onClose(why -> closed.complete(null));
    shown.write("no word of this is heard");
    join(closed);
    assertThat(connections).hasValue(0);
    assertThat(refused).isEmpty();
    assertThat(outcome(server, authority.withServername("other.test")).error()).isNotNull();
  }

  // Names

  private static KeyAndChain named(String name) {
    return CERTIFICATES.sign(name.replace("*", "any"), Template.of(name, "localhost"));
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void theNameChoosesTheCertificate(TlsProvider provider) {
    KeyAndChain one = named("one.test");
    KeyAndChain wild = named("*.wild.test");
    KeyAndChain special = named("special.wild.test");
    TlsServer server =
        listen(
            serverOptions(provider)
                .withContext("one.test", TlsOptions.of(one))
                .withContext("*.wild.test", TlsOptions.of(wild)),
            socket -> {});
    server.addContext("special.wild.test", TlsOptions.of(special));

    assertThat(shown(server, provider, "one.test")).isEqualTo(one);
    assertThat(shown(server, provider, "ONE.test")).isEqualTo(one);
    assertThat(shown(server, provider, "a.wild.test")).isEqualTo(wild);
    assertThat(shown(server, provider, "special.wild.test")).isEqualTo(special);
    assertThat(shown(server, provider, "a.b.wild.test")).isEqualTo(SERVER);
    assertThat(shown(server, provider, "wild.test")).isEqualTo(SERVER);
    assertThat(shown(server, provider, "127.0.0.1")).isEqualTo(SERVER);

    server.addContext("*.wild.test", TlsOptions.of(one));
    assertThat(shown(server, provider, "special.wild.test")).isEqualTo(one);
  }

  /** The certificate that a client is shown who asks for this name; by its serial number. */
  private Object shown(TlsServer server, TlsProvider provider, String name) {
    TlsOptions any = clientOptions(provider).withRejectUnauthorized(false).withServername(name);
    return new Object() {
      final Object certificate = outcome(server, any).socket().getPeerCertificate();

      @Override
      public boolean equals(Object other) {
        return other instanceof KeyAndChain pair && pair.certificate().equals(certificate);
      }

      @Override
      public int hashCode() {
        return 0;
      }

      @Override
      public String toString() {
        return String.valueOf(certificate);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aCallbackChoosesByName(TlsProvider provider) {
    KeyAndChain one = named("one.test");
    TlsOptions ofOne = TlsOptions.of(one);
    TlsServer server =
        listen(
            serverOptions(provider).withSniCallback(name -> name.equals("one.test") ? ofOne : null),
            socket -> {});

    assertThat(shown(server, provider, "one.test")).isEqualTo(one);
    assertThat(shown(server, provider, "two.test")).isEqualTo(SERVER);
  }

  @Test
  void aCallbackThatThrowsCostsItsConnectionOnly() {
    boolean[] throwing = {true};
    TlsServer server =
        listen(
            serverOptions(TlsProvider.OPENSSL)
                .withSniCallback(name -> {
                  if (throwing[0]) {
                    throw new IllegalStateException("on purpose");
                  }
                  return null;
                }),
            socket -> {});
    TlsOptions client = clientOptions(TlsProvider.OPENSSL);

    failsWith(outcome(server, client), "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR");
    assertThat(Uncaught.next()).hasMessage("on purpose");
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst().code()).isEqualTo("LISTENER_FAILED");
    throwing[0] = false;
    assertThat(outcome(server, client).error()).isNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aNameIsNoWayAroundTheClientsCertificate(TlsProvider provider) {
    TlsServer server =
        listen(
            serverOptions(provider)
                .withRequestCert(true)
                .withCa(List.of(CERTIFICATES.authority))
                .withContext("one.test", TlsOptions.of(named("one.test"))),
            socket -> socket.write("in"));

    CompletableFuture<NetException> failed = new CompletableFuture<>();
    connect(
        server,
        clientOptions(provider).withServername("one.test"),
        socket -> socket.onError(failed::complete).onData(data -> failed.complete(null)));

    assertThat(join(failed)).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aNewCertificateIsShownToNewConnections(TlsProvider provider) {
    KeyAndChain next = CERTIFICATES.server();
    KeyAndChain[] current = {SERVER};
    CertificateSource changing = () -> current[0];
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TlsServer server = listen(TlsOptions.of(changing).withProvider(provider), accepted::complete);
    TlsOptions client = clientOptions(provider);
    TcpSocket before = outcome(server, client).socket();
    assertThat(before.getPeerCertificate()).isEqualTo(SERVER.certificate());

    current[0] = next;
    assertThat(outcome(server, client.withServername("localhost")).socket().getPeerCertificate())
        .isEqualTo(next.certificate());
    server.setSecureContext(serverOptions(provider));
    assertThat(outcome(server, client.withServername("localhost")).socket().getPeerCertificate())
        .isEqualTo(SERVER.certificate());

    CompletableFuture<String> got = new CompletableFuture<>();
    before.onData(data -> got.complete(data.toString()));
    join(accepted).write("still there");
    assertThat(join(got)).isEqualTo("still there");
  }

  @Test
  void wrongRulesLeaveTheOldOnes() {
    TlsServer server = listen(serverOptions(TlsProvider.OPENSSL), socket -> {});

    assertThatThrownBy(() ->
            server.setSecureContext(serverOptions(TlsProvider.OPENSSL).withCiphers("nonsense")))
        .isInstanceOf(NetException.class);

    assertThat(outcome(server, clientOptions(TlsProvider.OPENSSL)).error()).isNull();
  }

  // The server's certificate

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whatIsWrongWithACertificateIsSaidAsOpensslDoes(TlsProvider provider) {
    Template usual = Template.of("localhost");
    Duration day = Duration.ofDays(1);
    KeyAndChain expired =
        CERTIFICATES.sign("old", usual.withTime(day.multipliedBy(-9), day.negated()));
    KeyAndChain early = CERTIFICATES.sign("early", usual.withTime(day, day.multipliedBy(9)));
    KeyAndChain alone = TestCertificates.selfSigned("alone", usual);
    TestCertificates others = new TestCertificates("CN=Somebody else");
    KeyAndChain foreign = others.sign("foreign", usual);
    KeyAndChain chained =
        KeyAndChain.of(foreign.key(), List.of(foreign.certificate(), others.authority));
    KeyAndChain gap = CERTIFICATES.below("gap", usual, false);
    KeyAndChain client =
        CERTIFICATES.sign("client", usual.withPurpose(KeyPurposeId.id_kp_clientAuth));

    refuses(provider, expired, "CERT_HAS_EXPIRED", "certificate has expired: CN=old held until");
    refuses(provider, early, "CERT_NOT_YET_VALID", "is not yet valid: CN=early holds from");
    refuses(provider, alone, "DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate: CN=alone");
    refuses(
        provider,
        chained,
        "SELF_SIGNED_CERT_IN_CHAIN",
        "self-signed certificate in certificate chain: the authority CN=Somebody else");
    refuses(
        provider,
        foreign,
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "unable to verify the first certificate: its issuer, CN=Somebody else,");
    refuses(provider, gap, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CN=gap issuer");
    refuses(provider, client, "INVALID_PURPOSE", "unsuitable certificate purpose");
  }

  private void refuses(TlsProvider provider, KeyAndChain pair, String code, String text) {
    refused.clear();
    TlsServer server = listen(TlsOptions.of(pair).withProvider(provider), socket -> {});
    failsWith(outcome(server, clientOptions(provider)), code, text);
    await().until(() -> !refused.isEmpty());
    assertThat(refused.getFirst().code()).startsWith("ERR_SSL_").contains("ALERT");

    TcpSocket taken =
        outcome(server, clientOptions(provider).withRejectUnauthorized(false)).socket();
    assertThat(taken.authorized()).isFalse();
    assertThat(taken.authorizationError().code()).isEqualTo(code);
    assertThat(taken.getPeerCertificate()).isEqualTo(pair.certificate());
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aChainOverAnotherAuthorityIsTrusted(TlsProvider provider) {
    KeyAndChain whole = CERTIFICATES.below("whole", Template.of("localhost"), true);
    TlsServer server = listen(TlsOptions.of(whole).withProvider(provider), socket -> {});

    TcpSocket socket = outcome(server, clientOptions(provider)).socket();

    assertThat(socket.authorized()).isTrue();
    assertThat(socket.getPeerCertificates()).isEqualTo(whole.chain());
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aSelfSignedCertificateThatIsGivenIsTrusted(TlsProvider provider) {
    KeyAndChain alone = TestCertificates.selfSigned("alone", Template.of("localhost"));
    TlsServer server = listen(TlsOptions.of(alone).withProvider(provider), socket -> {});

    assertThat(
            outcome(server, TlsOptions.client().withCa(alone.chain()).withProvider(provider))
                .socket()
                .authorized())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void theSystemsAuthoritiesDoNotKnowOurs(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> {});

    failsWith(
        outcome(server, TlsOptions.client().withProvider(provider)),
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void theCertificateMustBeForTheHost(TlsProvider provider) {
    TlsServer server = listen(serverOptions(provider), socket -> {});
    TlsOptions client = clientOptions(provider);

    failsWith(
        outcome(server, client.withServername("nope.test")),
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "Hostname/IP does not match certificate's altnames: Host: nope.test. is not in the cert's"
            + " altnames: DNS:localhost, IP Address:127.0.0.1");
    failsWith(
        outcome(server, client.withServername("127.0.0.2")),
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "IP: 127.0.0.2 is not in the cert's list: 127.0.0.1, 0:0:0:0:0:0:0:1");
    assertThat(outcome(server, client.withServername("127.0.0.1")).socket().servername()).isNull();
    assertThat(outcome(server, client.withServername("LocalHost.")).error()).isNull();
    assertThat(
            outcome(
                    server,
                    client
                        .withServername("nope.test")
                        .withCheckServerIdentity((host, shown) -> null))
                .error())
        .isNull();
    failsWith(
        outcome(
            server,
            client.withCheckServerIdentity(
                (host, shown) -> new NetException("PINNED", "Not the key of " + host))),
        "PINNED",
        "Not the key of localhost");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void whatWasTakenBackIsRefused(TlsProvider provider) {
    KeyAndChain good = CERTIFICATES.server();
    KeyAndChain bad = CERTIFICATES.server();
    TlsOptions client =
        clientOptions(provider).withCrl(List.of(CERTIFICATES.revoking(bad.certificate())));
    TlsServer goodServer = listen(TlsOptions.of(good).withProvider(provider), socket -> {});
    TlsServer badServer = listen(TlsOptions.of(bad).withProvider(provider), socket -> {});

    assertThat(outcome(goodServer, client).error()).isNull();
    failsWith(outcome(badServer, client), "CERT_REVOKED", "certificate revoked: CN=server, on ");
    TlsOptions without =
        client.withCrl(List.of(new TestCertificates("CN=Somebody else").revoking()));
    failsWith(outcome(goodServer, without), "UNABLE_TO_GET_CRL", "unable to get certificate CRL");
  }

  // The client's certificate

  private static final KeyAndChain CLIENT = CERTIFICATES.sign("Alice", Template.of());

  @ParameterizedTest
  @CsvSource({"OPENSSL,TLSv1.2", "OPENSSL,TLSv1.3", "JDK,TLSv1.2", "JDK,TLSv1.3"})
  void aServerCanAskForACertificate(TlsProvider provider, String version) {
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    TlsServer server =
        listen(
            serverOptions(provider)
                .withMaxVersion(version)
                .withRequestCert(true)
                .withCa(List.of(CERTIFICATES.authority)),
            accepted::complete);

    TcpSocket client =
        outcome(server, clientOptions(provider).withCertificates(CertificateSource.of(CLIENT)))
            .socket();

    TcpSocket socket = join(accepted);
    assertThat(socket.authorized()).isTrue();
    assertThat(socket.getPeerCertificate()).isEqualTo(CLIENT.certificate());
    assertThat(client.getCertificate()).isEqualTo(CLIENT.certificate());
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL,TLSv1.2", "OPENSSL,TLSv1.3", "JDK,TLSv1.2", "JDK,TLSv1.3"})
  void whoShowsNoneOrAForeignOneIsRefused(TlsProvider provider, String version) {
    TlsServer server =
        listen(
            serverOptions(provider)
                .withMaxVersion(version)
                .withRequestCert(true)
                .withCa(List.of(CERTIFICATES.authority)),
            socket -> socket.write("in"));
    KeyAndChain foreign = new TestCertificates("CN=Somebody else").sign("Mallory", Template.of());

    for (CertificateSource shows : new CertificateSource[] {null, CertificateSource.of(foreign)}) {
      CompletableFuture<NetException> failed = new CompletableFuture<>();
      connect(
          server,
          clientOptions(provider).withCertificates(shows),
          socket ->
              socket
                  .onError(failed::complete)
                  .onData(data -> failed.complete(null))
                  .onEnd(() -> failed.complete(null)));
      assertThat(join(failed)).isNotNull();
      assertThat(join(failed).code()).startsWith("ERR_SSL_").contains("ALERT");
    }
    await().until(() -> refused.size() == 2);
    assertThat(refused.get(0).code()).isEqualTo("ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE");
    assertThat(refused.get(1).code()).isEqualTo("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aServerThatOnlyAsksIsToldWhatIsWrong(TlsProvider provider) {
    List<TcpSocket> accepted = new java.util.concurrent.CopyOnWriteArrayList<>();
    TlsServer server =
        listen(
            serverOptions(provider)
                .withRequestCert(true)
                .withRejectUnauthorized(false)
                .withCa(List.of(CERTIFICATES.authority)),
            accepted::add);
    KeyAndChain foreign = TestCertificates.selfSigned("Mallory", Template.of());

    outcome(server, clientOptions(provider));
    await().until(() -> accepted.size() == 1);
    outcome(server, clientOptions(provider).withCertificates(CertificateSource.of(foreign)));
    await().until(() -> accepted.size() == 2);
    outcome(server, clientOptions(provider).withCertificates(CertificateSource.of(CLIENT)));
    await().until(() -> accepted.size() == 3);

    assertThat(accepted).extracting(TcpSocket::authorized).containsExactly(false, false, true);
    assertThat(accepted.get(0).authorizationError().code()).isEqualTo("UNABLE_TO_GET_ISSUER_CERT");
    assertThat(accepted.get(1).authorizationError().code())
        .isEqualTo("DEPTH_ZERO_SELF_SIGNED_CERT");
    assertThat(accepted.get(1).getPeerCertificate()).isEqualTo(foreign.certificate());
  }
}
