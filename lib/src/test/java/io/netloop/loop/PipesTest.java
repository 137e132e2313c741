package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.NothingLeaks;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What passes between a pipe and a destination that says itself whether it is full. */
@ExtendWith(NothingLeaks.class)
class PipesTest {
  private final Loop loop = Loop.current();
  private final List<String> written = new CopyOnWriteArrayList<>();

  @Test
  void aDestinationThatIsFullIsWaitedFor() {
    Destination to = new Destination(true);
    Input from = input("abc");
    from.pipe(to);
    settle();
    assertThat(written).isEmpty();
    assertThat(from.isPaused()).isTrue();

    to.drains();
    await().until(() -> written.contains("abc"));
  }

  @Test
  void aDestinationThatSaysItIsNotFullAnyMoreIsNotWaitedFor() {
    Destination to = new Destination(true);
    Input from = input("abc");
    from.pipe(to);
    settle();

    from.pipes().release(to);
    await().until(() -> written.contains("abc"));
  }

  @Test
  void whatWasFullWhenThePipeWasMadeDoesNotReleaseWhatFilledSince() {
    Destination to = new Destination(false);
    to.takesNoMore = true;
    Input from = input("abc");
    from.pipe(to);
    await().until(from::isPaused);
    assertThat(written).containsExactly("abc");

    from.pipes().release(to);
    settle();
    assertThat(from.isPaused()).isTrue();
    to.drains();
    settle();
    assertThat(from.isPaused()).isFalse();
  }

  @Test
  void aDestinationThatDrainedOnceIsNotReleasedTheNextTime() {
    Destination to = new Destination(true);
    Input from = input("abc");
    from.pipe(to);
    settle();
    to.takesNoMore = true;
    to.drains();
    await().until(() -> written.contains("abc") && from.isPaused());

    from.pipes().release(to);
    settle();
    assertThat(from.isPaused()).isTrue();
    to.drains();
    settle();
    assertThat(from.isPaused()).isFalse();
  }

  @Test
  void releasingWhatIsNoDestinationChangesNothing() {
    Destination to = new Destination(true);
    Input from = input("abc");
    from.pipe(to);
    from.pipes().release(new Destination(false));
    settle();

    assertThat(from.isPaused()).isTrue();
    from.unpipe(to);
    settle();
    from.destroy(new NetException("OVER", "over"));
  }

  private Input input(String text) {
    Input input =
        new Input("in", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), loop);
    input.onError(error -> {});
    return input;
  }

  /** Returns when the loop has done what was asked of it, and what that has put off. */
  private void settle() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> loop.setImmediate(() -> loop.setImmediate(() -> done.complete(null))));
    done.orTimeout(5, TimeUnit.SECONDS).join();
  }

  /** Full or not as the test says. */
  private final class Destination implements Writable {
    private boolean full;
    private volatile boolean takesNoMore;
    private @Nullable Runnable onDrain;

    Destination(boolean full) {
      this.full = full;
    }

    void drains() {
      loop.execute(() -> {
        full = false;
        if (onDrain != null) {
          onDrain.run();
        }
      });
    }

    @Override
    public boolean write(Buffer data) {
      written.add(data.toString());
      return !takesNoMore;
    }

    @Override
    public boolean write(Buffer data, Consumer<@Nullable NetException> callback) {
      throw new AssertionError("a pipe asks for no callback");
    }

    @Override
    public boolean writableNeedDrain() {
      return full;
    }

    @Override
    public long writableLength() {
      return 0;
    }

    @Override
    public Writable end() {
      return this;
    }

    @Override
    public Writable onDrain(Runnable listener) {
      onDrain = listener;
      return this;
    }

    @Override
    public Writable onFinish(Runnable listener) {
      return this;
    }

    @Override
    public Writable onError(Consumer<NetException> listener) {
      return this;
    }

    @Override
    public Writable onClose(Consumer<CloseCause> listener) {
      return this;
    }

    @Override
    public Writable off(Object listener) {
      return this;
    }

    @Override
    public Writable destroy(NetException error) {
      return this;
    }
  }
}
