package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.loop.NetException;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an outgoing message goes: its connection, a stream of one, or a queue until its turn comes.
 * What is put in leaves with {@link #written}.
 */
interface Wire {
  /**
   * The head, first and once.
   *
   * @param bodyLength as {@link OutgoingMessage#putHead} has it
   * @throws NetException where it can't be sent as it is; then nothing is
   */
  void head(OutgoingMessage<?> message, long bodyLength);

  /** The head as {@link Backlog} has kept it: its bytes in HTTP/1.1, which were checked. */
  void head(OutgoingMessage<?> message, Buffer bytes, long bodyLength);

  /** An answer before the answer. */
  void information(int status, OutgoingHeaders lines);

  /**
   * A part of the body, not empty, of a message that has one.
   *
   * @param last whether {@link #end} follows, and no trailers
   */
  void body(OutgoingMessage<?> message, Buffer data, boolean last);

  /** Whether {@link #file} may be called; else the message reads the file itself. */
  default boolean sendsFiles() {
    return false;
  }

  /**
   * A part of a file as a part of the body, not empty; tells when the file may be closed, as {@link
   * io.netloop.net.TcpSocket#writeFile} has it.
   */
  default void file(
      OutgoingMessage<?> message,
      FileChannel file,
      long position,
      long length,
      Consumer<@Nullable NetException> whenUnused) {
    throw new UnsupportedOperationException("This way out sends no files by itself.");
  }

  /** The end of the message, body or not. */
  void end(OutgoingMessage<?> message);

  /** What was put in goes when it is time. */
  void written();

  /** Tells when all that was put in so far is with the system, or why it never will be. */
  void whenSent(Consumer<@Nullable NetException> callback);

  /** Whether as much waits to be sent as should; a 'drain' follows. */
  boolean isFull();

  /** Bytes that wait to be sent. */
  long queuedBytes();
}
