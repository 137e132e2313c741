package io.netloop.web;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes the body of a response on its way out: compresses it. Loop-confined. */
interface BodyFilter {
  /** Takes a part of the body. Returns whether there is room for more. */
  boolean write(Buffer data, @Nullable Consumer<@Nullable NetException> callback);

  /** Has all that was written go out now. */
  void flush();

  /** Takes the last part; ends the response when all has gone through. */
  void end(Buffer data, @Nullable Consumer<@Nullable NetException> callback);

  /** Whether so much waits inside that a writer had better wait too. */
  boolean isFull();

  /** Bytes that were taken and not handed on. */
  long waitingBytes();

  /** The response is over, however: what is held for it is given back. */
  void close();
}
