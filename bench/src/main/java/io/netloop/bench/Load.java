package io.netloop.bench;

import java.io.IOException;

/** Work for one server, over connections that stay open from one call to the next. */
interface Load extends AutoCloseable {
  /**
   * Keeps the server at work for that long.
   *
   * @return how much was done: requests, bytes or deliveries
   */
  long run(long nanos) throws IOException;

  @Override
  void close() throws IOException;
}
