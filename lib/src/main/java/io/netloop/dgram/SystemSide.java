package io.netloop.dgram;

import io.netloop.engine.DatagramHandle;
import io.netloop.engine.Errno;
import io.netloop.engine.Reactor;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What the system is asked about a socket; it is asked on the loop, and the caller waits. */
final class SystemSide {
  /** Something to be asked. */
  interface Call {
    void on(DatagramHandle with) throws IOException;
  }

  private final Reactor reactor;
  private final UdpSocket socket;
  private final BindSide binding;
  private final boolean ipv6;

  SystemSide(Reactor reactor, UdpSocket socket, BindSide binding, boolean ipv6) {
    this.reactor = reactor;
    this.socket = socket;
    this.binding = binding;
    this.ipv6 = ipv6;
  }

  /** Has the loop do it, and the caller wait for the answer. */
  <T> T ask(Supplier<T> work) {
    if (reactor.inLoop()) {
      return work.get();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean taken =
        reactor.execute(() -> {
          try {
            answer.complete(work.get());
          } catch (Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    if (!taken) {
      throw Misuse.loopEnded();
    }
    try {
      return answer.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof NetException known ? known : failed;
    }
  }

  /** Asks at once, on the loop; what is refused is thrown in Node's words. */
  static void call(String name, DatagramHandle with, Call call) {
    try {
      call.on(with);
    } catch (IOException | RuntimeException refused) {
      throw Misuse.refused(name, Errno.of(refused));
    }
  }

  /** Asks about a socket that is bound. */
  void onBound(String name, Call call) {
    ask(() -> {
      socket.checkOpen();
      DatagramHandle with = binding.handle();
      if (with == null) {
        throw Misuse.refused(name, Errno.EBADF);
      }
      call(name, with, call);
      return this;
    });
  }

  int bufferSize(String name, ToIntFunction<DatagramHandle> call) {
    return ask(() -> {
      socket.checkOpen();
      DatagramHandle with = binding.handle();
      if (with == null) {
        throw Misuse.noBufferYet(name);
      }
      return call.applyAsInt(with);
    });
  }

  /** A number of hops, where the system can take it. */
  static int inRange(int hops, int least) {
    if (hops < least || hops > 255) {
      throw new IllegalArgumentException(Errno.EINVAL.words());
    }
    return hops;
  }

  void multicastInterface(String text) {
    Misuse.checkText("interfaceAddress", text);
    onBound(
        "setMulticastInterface",
        with -> {
          Interfaces at = Interfaces.outgoing(text, ipv6);
          with.multicastInterface(at.ipv4(), at.index());
        });
  }

  /** Joins or leaves a group; binds the socket if need be. */
  void membership(
      String name, boolean join, @Nullable String group, @Nullable String multicastInterface) {
    if (group == null || group.isEmpty()) {
      throw Misuse.missing("multicastAddress");
    }
    membership(name, join, null, group, multicastInterface);
  }

  /** Joins or leaves a group for one sender: without one it would be for all. */
  void sourceMembership(
      String name, boolean join, String source, String group, @Nullable String multicastInterface) {
    Misuse.checkText("sourceAddress", source);
    Misuse.checkText("groupAddress", group);
    membership(name, join, source, group, multicastInterface);
  }

  private void membership(
      String name,
      boolean join,
      @Nullable String source,
      String group,
      @Nullable String multicastInterface) {
    ask(() -> {
      socket.checkOpen();
      if (binding.isUnbound()) {
        binding.beginNow();
      }
      DatagramHandle with = binding.handle();
      if (with == null) {
        throw Misuse.refused(name, Errno.EBADF);
      }
      call(
          name,
          with,
          system -> {
            InetAddress to = Interfaces.ip(group, ipv6);
            InetAddress from = source == null ? null : Interfaces.ip(source, ipv6);
            Interfaces at = Interfaces.incoming(multicastInterface, ipv6);
            system.membership(join, to, at.ipv4(), at.index(), from);
          });
      return this;
    });
  }
}
