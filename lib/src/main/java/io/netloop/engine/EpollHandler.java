package io.netloop.engine;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/**
 * Netty's way to epoll, with two things mended.
 *
 * <p>The kernel tells of many descriptors at once. Where a listener of the first closes another of
 * them and opens a connection, the new one gets the other's number, and Netty gives it what was
 * said of the old one: that the peer has ended, say, and it never reads a byte. Here nothing
 * reaches a channel in the run of the loop in which it was registered.
 *
 * <p>A socket whose peer has ended and which has nothing to send waits for nothing. Netty takes it
 * out of epoll then, without a note of it, and fails with ENOENT when there is something to wait
 * for again, such as room for the rest of an answer. Here such a socket stays in, and hears of an
 * error once.
 */
final class EpollHandler implements IoHandler {
  /** A mask without an event: the kernel adds errors and hang-ups, once each. */
  private static final EpollIoOps NO_EVENT = EpollIoOps.EPOLLET;

  private final IoHandler netty;
  private int runs;

  private EpollHandler(IoHandler netty) {
    this.netty = netty;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return executor -> new EpollHandler(factory.newHandler(executor));
  }

  @Override
  public int run(IoHandlerContext context) {
    runs++;
    return netty.run(context);
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration((EpollIoHandle) handle);
  }

  /** Stands between a channel and epoll, in both directions. */
  @SuppressWarnings("try") // Netty closes it, and no try does
  private final class Registration implements EpollIoHandle, IoRegistration {
    private final EpollIoHandle channel;
    private final int madeInRun = runs;
    private final IoRegistration netty;

    Registration(EpollIoHandle channel) throws Exception {
      this.channel = channel;
      this.netty = EpollHandler.this.netty.register(this);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (madeInRun != runs) {
        channel.handle(this, event);
      }
    }

    @Override
    public long submit(IoOps ops) {
      return netty.submit(EpollIoOps.NONE.equals(ops) ? NO_EVENT : ops);
    }

    @Override
    public FileDescriptor fd() {
      return channel.fd();
    }

    @Override
    public void registered() {
      channel.registered();
    }

    @Override
    public void unregistered() {
      channel.unregistered();
    }

    @Override
    public void close() throws Exception {
      channel.close();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty has declared it
    public <T> T attachment() {
      return netty.attachment();
    }

    @Override
    public boolean isValid() {
      return netty.isValid();
    }

    @Override
    public boolean cancel() {
      return netty.cancel();
    }
  }

  @Override
  public void initialize() {
    netty.initialize();
  }

  @Override
  public void prepareToDestroy() {
    netty.prepareToDestroy();
  }

  @Override
  public void destroy() {
    netty.destroy();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return netty.isCompatible(handleType);
  }

  @Override
  public void wakeup() {
    netty.wakeup();
  }
}
