package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.netloop.Log;
import io.netty.util.internal.logging.InternalLogLevel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NettyLogTest {
  private final InternalLogger netty;

  NettyLogTest() {
    Reactor.prepareNetty();
    netty = InternalLoggerFactory.getInstance(NettyLogTest.class);
  }

  @Test
  void isWhatNettyWritesTo() {
    assertThat(netty).isInstanceOf(NettyLog.class);
    assertThat(netty.name()).isEqualTo(NettyLogTest.class.getName());
  }

  @Test
  void passesOnWhatGoesWrong() {
    try (Log log = new Log(NettyLogTest.class)) {
      IOException failure = new IOException("no more memory");
      netty.warn("a buffer of {} was not released", 16);
      netty.error("this failed", failure);
      netty.log(InternalLogLevel.WARN, "{} and {}", "one", "two");

      assertThat(log.events())
          .extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
          .containsExactly(
              tuple(Level.WARN, "a buffer of 16 was not released"),
              tuple(Level.ERROR, "this failed"),
              tuple(Level.WARN, "one and two"));
      assertThat(log.events().get(1).getThrowableProxy().getMessage()).isEqualTo("no more memory");
    }
  }

  @Test
  void leavesOutWhatOnlyNettysMakersWantToKnow() {
    try (Log log = new Log(NettyLogTest.class)) {
      netty.debug("a property: {}", "none");
      netty.trace("a step", new IOException());

      assertThat(log.events()).isEmpty();
      assertThat(netty.isDebugEnabled()).isFalse();
      assertThat(netty.isTraceEnabled()).isFalse();
      assertThat(netty.isWarnEnabled()).isTrue();
    }
  }
}
