package io.netloop.acme;

import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.AcmeDnsHook;
import io.netloop.tls.KeyAndChain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;

/** What is shown to the authority while it looks. The servers read it on their loops. */
final class Proofs {
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, KeyAndChain> certificates = new ConcurrentHashMap<>();
  private final @Nullable AcmeDnsHook dns;

  Proofs(@Nullable AcmeDnsHook dns) {
    this.dns = dns;
  }

  @Nullable String answer(String token) {
    return answers.get(token);
  }

  @Nullable KeyAndChain certificate(String name) {
    return certificates.get(name);
  }

  /** A proof that is in place. */
  interface Proof {
    /** What the authority is told to look at. */
    Challenge challenge();

    void takeAway() throws Exception;
  }

  private record Placed(Challenge challenge, Ending ending) implements Proof {
    private interface Ending {
      void end() throws Exception;
    }

    @Override
    public void takeAway() throws Exception {
      ending.end();
    }
  }

  /**
   * Puts a proof in place.
   *
   * @throws AcmeFailure where the authority does not offer this way, or the hook fails
   */
  Proof place(Authorization authorization, AcmeChallenge way)
      throws AcmeFailure, InterruptedException {
    Challenge challenge =
        authorization
            .findChallenge(way.type())
            .orElseThrow(() ->
                new AcmeFailure(
                    "the authority does not prove "
                        + authorization.getIdentifier().getDomain()
                        + " by "
                        + way.type()
                        + ", only by "
                        + offered(authorization)));
    return switch (challenge) {
      case Http01Challenge http -> place(http);
      case TlsAlpn01Challenge tls -> place(authorization, tls);
      case Dns01Challenge text -> place(authorization, text);
      default -> throw new AcmeFailure("the challenge " + challenge.getType() + " is unknown");
    };
  }

  private static List<String> offered(Authorization authorization) {
    return authorization.getChallenges().stream().map(Challenge::getType).toList();
  }

  private Proof place(Http01Challenge challenge) {
    String token = challenge.getToken();
    answers.put(token, challenge.getAuthorization());
    return new Placed(challenge, () -> answers.remove(token));
  }

  private Proof place(Authorization authorization, TlsAlpn01Challenge challenge) {
    String name = authorization.getIdentifier().getDomain();
    certificates.put(name, ChallengeCertificate.of(name, challenge.getAcmeValidation()));
    return new Placed(challenge, () -> certificates.remove(name));
  }

  private Proof place(Authorization authorization, Dns01Challenge challenge)
      throws AcmeFailure, InterruptedException {
    AcmeDnsHook hook = Objects.requireNonNull(dns, "options with dns-01 have a hook");
    String record = "_acme-challenge." + authorization.getIdentifier().getDomain();
    String value = challenge.getDigest();
    try {
      hook.add(record, value);
    } catch (InterruptedException closing) {
      throw closing;
    } catch (Exception failure) {
      throw new AcmeFailure(
          "the record " + record + " for dns-01 could not be added: " + failure, null, failure);
    }
    return new Placed(challenge, () -> hook.remove(record, value));
  }
}
