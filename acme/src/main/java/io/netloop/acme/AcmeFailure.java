package io.netloop.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why no certificate was obtained, as a part of a sentence. */
final class AcmeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable Instant notBefore;

  AcmeFailure(String reason) {
    this(reason, null, null);
  }

  AcmeFailure(String reason, @Nullable Instant notBefore, @Nullable Throwable cause) {
    super(reason, cause);
    this.notBefore = notBefore;
  }

  /** Before when the authority does not want to be asked again, or null. */
  @Nullable Instant notBefore() {
    return notBefore;
  }
}
