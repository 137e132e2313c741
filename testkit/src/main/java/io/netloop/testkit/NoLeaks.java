package io.netloop.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The {@link LeakCheck} as an extension of JUnit: a test that leaves something open fails, and a
 * class whose tests have lost a buffer.
 *
 * <pre>{@code
 * @ExtendWith(NoLeaks.class)
 * class EchoTest { … }
 * }</pre>
 *
 * <p>What the test opens it must close itself, in an {@code @AfterEach} method at the latest. Not
 * for tests that run side by side.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  /** For JUnit. */
  public NoLeaks() {}

  private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(LeakCheck.class, LeakCheck.begin());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    LeakCheck check = context.getStore(NAMESPACE).remove(LeakCheck.class, LeakCheck.class);
    if (check != null) {
      check.end();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LeakCheck check = LeakCheck.begin();
    LeakCheck.collect();
    check.end();
  }
}
