package io.netloop;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Collects what one class logs, and keeps it from the tests' output. */
public final class Log implements AutoCloseable {
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger;

  public Log(Class<?> of) {
    logger = (Logger) LoggerFactory.getLogger(of);
    appender.list = new java.util.concurrent.CopyOnWriteArrayList<>();
    appender.start();
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  public List<ILoggingEvent> events() {
    return appender.list;
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
  }
}
