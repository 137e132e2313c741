package io.netloop.engine;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.Serial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Netty has to say goes to the program's log, but for what only Netty's makers want to know:
 * it would have the logging library read its configuration before the first byte is served, a third
 * of the time that a server needs to start.
 */
@SuppressWarnings("AnnotateFormatMethod") // the formats are SLF4J's, with {}
final class NettyLog extends AbstractInternalLogger {
  @Serial private static final long serialVersionUID = 1L;

  private NettyLog(String name) {
    super(name);
  }

  /** To be called before any class of Netty's is there that logs. */
  static void install() {
    InternalLoggerFactory.setDefaultFactory(
        new InternalLoggerFactory() {
          @Override
          protected InternalLogger newInstance(String name) {
            return new NettyLog(name);
          }
        });
  }

  private Logger log() {
    return LoggerFactory.getLogger(name());
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public void trace(String text) {}

  @Override
  public void trace(String format, Object value) {}

  @Override
  public void trace(String format, Object first, Object second) {}

  @Override
  public void trace(String format, Object... values) {}

  @Override
  public void trace(String text, Throwable failure) {}

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public void debug(String text) {}

  @Override
  public void debug(String format, Object value) {}

  @Override
  public void debug(String format, Object first, Object second) {}

  @Override
  public void debug(String format, Object... values) {}

  @Override
  public void debug(String text, Throwable failure) {}

  @Override
  public boolean isInfoEnabled() {
    return log().isInfoEnabled();
  }

  @Override
  public void info(String text) {
    log().info(text);
  }

  @Override
  public void info(String format, Object value) {
    log().info(format, value);
  }

  @Override
  public void info(String format, Object first, Object second) {
    log().info(format, first, second);
  }

  @Override
  public void info(String format, Object... values) {
    log().info(format, values);
  }

  @Override
  public void info(String text, Throwable failure) {
    log().info(text, failure);
  }

  @Override
  public boolean isWarnEnabled() {
    return log().isWarnEnabled();
  }

  @Override
  public void warn(String text) {
    log().warn(text);
  }

  @Override
  public void warn(String format, Object value) {
    log().warn(format, value);
  }

  @Override
  public void warn(String format, Object first, Object second) {
    log().warn(format, first, second);
  }

  @Override
  public void warn(String format, Object... values) {
    log().warn(format, values);
  }

  @Override
  public void warn(String text, Throwable failure) {
    log().warn(text, failure);
  }

  @Override
  public boolean isErrorEnabled() {
    return log().isErrorEnabled();
  }

  @Override
  public void error(String text) {
    log().error(text);
  }

  @Override
  public void error(String format, Object value) {
    log().error(format, value);
  }

  @Override
  public void error(String format, Object first, Object second) {
    log().error(format, first, second);
  }

  @Override
  public void error(String format, Object... values) {
    log().error(format, values);
  }

  @Override
  public void error(String text, Throwable failure) {
    log().error(text, failure);
  }
}
