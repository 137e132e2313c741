package io.netloop.acme;

import io.netloop.acme.Proofs.Proof;
import io.netloop.acme.RenewalPlan.Window;
import io.netloop.loop.NetException;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The talk with the authority, from the account to the certificate. Blocks, so it has a thread. */
final class AcmeOrder implements AcmeSource.Talk {
  private static final Logger LOG = LoggerFactory.getLogger(AcmeOrder.class);

  /** How long the authority may take for one step. */
  private static final Duration STEP = Duration.ofMinutes(3);

  private final AcmeOptions options;
  private final AcmeStore store;
  private final Authority authority;

  /**
   * Nobody is talked to yet.
   *
   * @throws NetException where what the options trust can't be read
   */
  AcmeOrder(AcmeOptions options, AcmeStore store) {
    this.options = options;
    this.store = store;
    this.authority = new Authority(options.trust());
  }

  /**
   * Obtains a certificate with a new key.
   *
   * @param replaced the one that it is to take the place of, or null
   * @throws AcmeFailure with the reason
   */
  @Override
  public KeyAndChain obtain(Proofs proofs, @Nullable KeyAndChain replaced)
      throws AcmeFailure, InterruptedException {
    Session session = session();
    try (HttpClient _ = session.getHttpClient()) {
      Login login = login(session);
      Order order = order(login, replaced);
      prove(order, proofs);
      return certificate(order);
    } catch (AcmeException | IOException failure) {
      throw said(failure);
    }
  }

  /** The authority's wish when to renew a certificate, or null where it has none. */
  @Override
  public @Nullable Window window(KeyAndChain current) throws AcmeFailure {
    Session session = session();
    try (HttpClient _ = session.getHttpClient()) {
      if (session.resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
        return null;
      }
      Login login =
          new Login(session.resourceUrl(Resource.NEW_ACCOUNT), store.accountKey(), session);
      RenewalInfo info = login.bindRenewalInfo(current.certificate());
      return new Window(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd());
    } catch (AcmeException | IOException failure) {
      throw said(failure);
    }
  }

  private Session session() {
    return new Session(options.directory(), authority);
  }

  /** With the key of an account that exists this finds the account. */
  private Login login(Session session) throws AcmeException, IOException {
    AccountBuilder account =
        new AccountBuilder().agreeToTermsOfService().useKeyPair(store.accountKey());
    if (options.email() != null) {
      account.addEmail(options.email());
    }
    return account.createLogin(session);
  }

  private Order order(Login login, @Nullable KeyAndChain replaced) throws AcmeException {
    OrderBuilder order = login.newOrder().domains(options.names());
    if (replaced == null
        || login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isEmpty()) {
      return order.create();
    }
    try {
      return order.replaces(replaced.certificate()).create();
    } catch (AcmeRateLimitedException | AcmeUserActionRequiredException limit) {
      throw limit; // Another order would be refused, too, and counted.
    } catch (AcmeServerException refused) {
      // It may have been replaced already, or be another authority's (RFC 9773 §5).
      LOG.debug("The order for a replacement was refused; it becomes a new one.", refused);
      return login.newOrder().domains(options.names()).create();
    }
  }

  /** All proofs are in place before the authority looks at the first. */
  private void prove(Order order, Proofs proofs)
      throws AcmeException, AcmeFailure, InterruptedException {
    List<Proof> placed = new ArrayList<>();
    try {
      List<Authorization> open = new ArrayList<>();
      for (Authorization authorization : order.getAuthorizations()) {
        if (authorization.getStatus() != Status.VALID) {
          open.add(authorization);
          placed.add(proofs.place(authorization, options.challenge()));
        }
      }
      for (Proof proof : placed) {
        proof.challenge().trigger();
      }
      for (int i = 0; i < open.size(); i++) {
        if (open.get(i).waitForCompletion(STEP) != Status.VALID) {
          throw new AcmeFailure(refusal(open.get(i), placed.get(i).challenge()));
        }
      }
    } finally {
      placed.forEach(AcmeOrder::takeAway);
    }
  }

  private static void takeAway(Proof proof) {
    try {
      proof.takeAway();
    } catch (Exception hook) {
      LOG.warn("A record for dns-01 could not be taken away again: {}", hook.toString());
    }
  }

  private static String refusal(Authorization authorization, Challenge challenge)
      throws AcmeException {
    challenge.fetch();
    return "the authority could not prove "
        + authorization.getIdentifier().getDomain()
        + " by "
        + challenge.getType()
        + ": "
        + challenge
            .getError()
            .flatMap(Problem::getDetail)
            .orElse("it is " + authorization.getStatus());
  }

  private KeyAndChain certificate(Order order)
      throws AcmeException, AcmeFailure, InterruptedException {
    order.waitUntilReady(STEP);
    KeyPair pair = Keys.create();
    order.execute(pair);
    if (order.waitForCompletion(STEP) != Status.VALID) {
      throw new AcmeFailure(
          "the authority made no certificate of the order: "
              + order.getError().flatMap(Problem::getDetail).orElse("it is " + order.getStatus()));
    }
    return KeyAndChain.of(pair.getPrivate(), order.getCertificate().getCertificateChain());
  }

  private static AcmeFailure said(Exception failure) {
    return switch (failure) {
      case AcmeRateLimitedException limit ->
          new AcmeFailure(
              "the authority has been asked too often: " + limit.getMessage(),
              limit.getRetryAfter().orElse(null),
              limit);
      case AcmeUserActionRequiredException action ->
          new AcmeFailure(
              "the authority wants something to be done by hand: " + action.getMessage(),
              null,
              action);
      case AcmeServerException refused ->
          new AcmeFailure("the authority has refused: " + refused.getMessage(), null, refused);
      case IOException kept ->
          new AcmeFailure("the account's key can't be kept: " + kept, null, kept);
      default -> {
        Throwable last = failure.getCause() == null ? failure : failure.getCause();
        yield new AcmeFailure("the authority can't be reached: " + last, null, failure);
      }
    };
  }
}
