package io.netloop.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.loop.NetException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AcmeOptionsTest {
  @Test
  void asksLetsEncryptForTheUserByDefault() {
    AcmeOptions options = AcmeOptions.of("Chat.Example.org", "www.example.org");

    assertThat(options.names()).containsExactly("chat.example.org", "www.example.org");
    assertThat(options.directory()).isEqualTo(AcmeOptions.LETS_ENCRYPT);
    assertThat(options.challenge()).isEqualTo(AcmeChallenge.TLS_ALPN_01);
    assertThat(options.folder()).endsWithRaw(Path.of("netloop", "acme"));
    assertThat(options.email()).isNull();
    assertThat(options.trust()).isNull();
  }

  @Test
  void eachWithChangesOneThing() {
    AcmeDnsHook hook = (record, value) -> {};
    AcmeOptions all =
        AcmeOptions.of("example.org")
            .withEmail("me@example.org")
            .withDns(hook)
            .withDirectory(AcmeOptions.LETS_ENCRYPT_STAGING)
            .withFolder(Path.of("kept"))
            .withTrust(Path.of("ca.pem"));

    assertThat(all.email()).isEqualTo("me@example.org");
    assertThat(all.dns()).isSameAs(hook);
    assertThat(all.challenge()).isEqualTo(AcmeChallenge.DNS_01);
    assertThat(all.directory()).isEqualTo(AcmeOptions.LETS_ENCRYPT_STAGING);
    assertThat(all.folder()).isEqualTo(Path.of("kept"));
    assertThat(all.trust()).isEqualTo(Path.of("ca.pem"));
    assertThat(all.withChallenge(AcmeChallenge.HTTP_01).challenge())
        .isEqualTo(AcmeChallenge.HTTP_01);
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    AcmeOptions options = AcmeOptions.of("example.org");

    assertRefused(() -> AcmeOptions.of("127.0.0.1"), "127.0.0.1 is an address");
    assertRefused(
        () -> AcmeService.source(AcmeOptions.of("*.example.org")),
        "*.example.org can only be proved with dns-01, and not with tls-alpn-01");
    assertRefused(() -> AcmeOptions.of("a b"), "'a b'");
    assertRefused(AcmeOptions::of, "not for 0");
    assertRefused(
        () -> AcmeService.source(options.withChallenge(AcmeChallenge.DNS_01)), "needs a hook");
    assertRefused(() -> options.withEmail("me"), "'me' is no e-mail address");
    assertRefused(() -> options.withEmail("a@b?c=d"), "is no e-mail address");
    assertRefused(() -> options.withDirectory(URI.create("http://a/")), "is an https: URL");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            NetException.class,
            error -> assertThat(error.code()).isEqualTo("ERR_INVALID_ARG_VALUE"))
        .hasMessageContaining(words);
  }

  @Test
  void saysWhichArtifactIsMissing() {
    assertThatThrownBy(() -> AcmeService.source(AcmeOptions.of("chat.example.org")))
        .isInstanceOfSatisfying(
            NetException.class, error -> assertThat(error.code()).isEqualTo("ERR_ACME_MISSING"))
        .hasMessageContaining("chat.example.org")
        .hasMessageContaining("io.netloop:netloop-acme");
  }
}
