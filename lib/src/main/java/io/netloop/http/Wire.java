package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the bytes of an outgoing message go: its connection, or a queue until its turn comes. */
interface Wire {
  /** Where small bytes are put, behind what was put there before. */
  HeadWriter writer();

  /** Something was put into {@link #writer}: it goes when it is time. */
  void written();

  /** More bytes than are worth a copy, behind what is in the writer. */
  void write(Buffer data);

  /** Tells when all that was written so far is with the system, or why it never will be. */
  void whenSent(Consumer<@Nullable NetException> callback);

  /** Whether as much waits to be sent as should; a 'drain' follows. */
  boolean isFull();

  /** Bytes that wait to be sent. */
  long queuedBytes();
}
