package io.netloop.engine;

import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Tells the pipeline of a channel that its peer has ended, where the transport would close the
 * channel instead: io_uring and NIO know half-open connections for TCP only. They tell the
 * allocator of a channel's read buffers what each read gave, and close no channel whose input is
 * shut already.
 */
final class EndWatch implements RecvByteBufAllocator {
  private final DuplexChannel channel;
  private final RecvByteBufAllocator allocator;

  private EndWatch(DuplexChannel channel) {
    this.channel = channel;
    this.allocator = channel.config().getRecvByteBufAllocator();
  }

  /** To be called before the channel reads. */
  static void over(DuplexChannel channel) {
    channel.config().setRecvByteBufAllocator(new EndWatch(channel));
  }

  @Override
  @SuppressWarnings("deprecation") // the transports ask for nothing else
  public Handle newHandle() {
    return new Watching((ExtendedHandle) allocator.newHandle());
  }

  private final class Watching extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle watched;

    Watching(ExtendedHandle watched) {
      super(watched);
      this.watched = watched;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
      return watched.continueReading(mayHaveMore);
    }

    /** What was read last: -1 is the peer's end. */
    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes < 0 && !channel.isInputShutdown()) {
        channel.shutdownInput();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      }
    }
  }
}
