package io.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.engine.Inventory;
import io.netloop.engine.Transport;
import io.netty.channel.uring.IoUring;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * After each test nothing may be left: no open socket, server, timer or work under way, no task
 * waiting on the loop's clock, no thread that is not one of the known daemons, no failure that
 * reached the uncaught handler unasked, and no buffer that Netty's leak detector misses.
 */
public final class NothingLeaks
    implements BeforeEachCallback, AfterEachCallback, AfterAllCallback, ExecutionCondition {

  private static final Duration SOON = Duration.ofSeconds(10);

  private static final Pattern KNOWN =
      Pattern.compile(
          "loop|netloop-(keeper|stall-meter)|awaitility.*|process reaper.*|ForkJoinPool.*"
              + "|VirtualThread-.*|.*[Cc]leaner.*|surefire.*|globalEventExecutor.*|DestroyJavaVM|.*Poller");

  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  static {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    Inventory.watchBuffers(LEAKS::add);
  }

  private int openBefore;
  private Set<Thread> threadsBefore;

  /** Where the transport that the tests are to run on does not load, they say so. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (System.getProperty("netloop.transport", "").equals("io_uring")
        && !Transport.IO_URING.isAvailable()) {
      String reason = "io_uring does not load here: " + IoUring.unavailabilityCause();
      LoggerFactory.getLogger(NothingLeaks.class).warn("{}: skipped, {}", context, reason);
      return ConditionEvaluationResult.disabled(reason);
    }
    return ConditionEvaluationResult.enabled("its transport loads");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Uncaught.forget();
    openBefore = Inventory.open();
    threadsBefore = Thread.getAllStackTraces().keySet();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    await("what is counted as open")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(Inventory.open()).isEqualTo(openBefore));
    await("loops with tasks that wait for their time")
        .atMost(SOON)
        .untilAsserted(() -> assertThat(Inventory.loopsWithTimers()).isEmpty());
    await("new threads")
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread ->
                    !threadsBefore.contains(thread) && !KNOWN.matcher(thread.getName()).matches())
                .isEmpty());
    assertThat(Uncaught.rest()).describedAs("failures that nobody caught").isEmpty();
    assertThat(LEAKS).describedAs("buffers that were not released").isEmpty();
  }

  /** The detector tells of a lost buffer when it tracks the next one after a collection. */
  @Override
  public void afterAll(ExtensionContext context) {
    System.gc();
    Inventory.reportLostBuffers();
    assertThat(LEAKS).describedAs("buffers that were not released").isEmpty();
  }
}
