package io.netloop.dgram;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One promise for all datagrams: the channel keeps it with each, and tells it of each in the order
 * in which they were handed over. It is never done.
 */
final class Receipts extends DefaultChannelPromise {
  private final Consumer<@Nullable Throwable> taken;

  /**
   * Receipts.
   *
   * @param taken told of each datagram: null where the system has taken it, or why it has not
   */
  Receipts(Channel channel, Consumer<@Nullable Throwable> taken) {
    super(channel);
    this.taken = taken;
  }

  @Override
  public boolean trySuccess() {
    taken.accept(null);
    return true;
  }

  @Override
  public boolean trySuccess(Void nothing) {
    return trySuccess();
  }

  @Override
  public boolean tryFailure(Throwable refused) {
    taken.accept(refused);
    return true;
  }

  @Override
  public ChannelPromise setSuccess(Void nothing) {
    trySuccess();
    return this;
  }

  @Override
  public ChannelPromise setFailure(Throwable refused) {
    tryFailure(refused);
    return this;
  }
}
