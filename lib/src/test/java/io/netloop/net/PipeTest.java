package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netloop.Uncaught;
import io.netloop.loop.Buffer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.loop.Streams;
import io.netloop.loop.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pipes and pipelines. */
class PipeTest extends TcpTest {
  private static final TcpOptions HALF_OPEN = TcpOptions.defaults().withAllowHalfOpen(true);
  private final Events events = new Events();

  @Test
  void anEchoIsAPipeToItself() {
    TcpServer server = listen(socket -> socket.pipe(socket));
    Events client = new Events();
    connect(
        server,
        c -> {
          client.listen(c);
          c.onData(data -> client.add("data " + data));
          c.end("hello");
        });

    client.areExactly(
        "attempt 127.0.0.1", "connect", "ready", "finish", "data hello", "end", "close false");
  }

  @Test
  void returnsTheDestination() {
    Pair a = pair();
    Pair b = pair();

    assertThat(a.accepted().pipe(b.client())).isSameAs(b.client());
  }

  @Test
  void endsTheDestinationWithTheSource() {
    Pair in = pair();
    Pair out = pair();
    Events far = onLoop(() -> Events.of(out.accepted()));
    onLoop(() -> in.accepted().pipe(out.client()));
    in.client().end("all of it");

    far.areExactly("data all of it", "end", "finish", "close false");
  }

  @Test
  void leavesTheDestinationOpenWhereAskedTo() {
    Pair in = pair();
    Pair out = pair();
    Events far = onLoop(() -> Events.of(out.accepted()));
    onLoop(() -> in.accepted().pipe(out.client(), false));
    in.client().end("some");
    await().until(in.client()::destroyed);
    settle();
    assertThat(far.list()).containsExactly("data some");
    out.client().end(" and more");

    far.areExactly("data some and more", "end", "finish", "close false");
  }

  @Test
  void unpipeStopsTheFlowAndPausesTheSource() {
    Pair in = pair();
    Pair out = pair();
    Events far = onLoop(() -> Events.of(out.accepted()));
    onLoop(() -> in.accepted().pipe(out.client()));
    in.client().write("before");
    await().until(() -> far.has("data before"));
    in.accepted().unpipe(out.client());
    in.accepted().unpipe(out.client());
    in.client().write("after");
    await().until(() -> in.accepted().bytesRead() == 11);
    settle();
    assertThat(far.list()).containsExactly("data before");
    assertThat(in.accepted().isPaused()).isTrue();
    onLoop(() -> in.accepted().pipe(out.client()));

    await().until(() -> far.has("data beforeafter"));
  }

  @Test
  void aSlowDestinationHoldsTheSourceBackAndNothingIsLost() {
    Pair in = pair();
    Pair out = pair();
    onLoop(() -> in.accepted().pipe(out.client()));
    Buffer all = bytes(20_000_000);
    onLoop(() -> in.client().write(all));
    await().until(() -> in.accepted().isPaused());
    settle();
    assertThat(out.client().writableLength()).isLessThan(1_000_000);
    assertThat(in.accepted().bytesRead()).isLessThan(20_000_000);
    List<Buffer> got = new CopyOnWriteArrayList<>();
    out.accepted().onData(got::add);

    await().until(() -> out.accepted().bytesRead() == 20_000_000);
    assertThat(onLoop(() -> Buffer.concat(got))).isEqualTo(all);
  }

  @Test
  void ofManyDestinationsTheSlowestSetsThePaceAndNoneLosesAnything() {
    Pair in = pair();
    Pair fast = pair();
    Pair slow = pair();
    Buffer all = bytes(15_000_000);
    List<Buffer> gotFast = new CopyOnWriteArrayList<>();
    List<Buffer> gotSlow = new CopyOnWriteArrayList<>();
    fast.accepted().onData(gotFast::add);
    onLoop(() -> {
      in.accepted().pipe(fast.client());
      in.accepted().pipe(slow.client());
      in.client().write(all);
    });
    await().until(() -> in.accepted().isPaused());
    await().until(() -> fast.client().writableLength() == 0);
    await()
        .during(Duration.ofMillis(50))
        .until(() -> in.accepted().isPaused() && slow.client().writableLength() < 1_000_000);
    assertThat(fast.accepted().bytesRead()).isLessThan(15_000_000);
    slow.accepted().onData(gotSlow::add);

    await().until(() -> slow.accepted().bytesRead() == 15_000_000);
    await().until(() -> fast.accepted().bytesRead() == 15_000_000);
    assertThat(onLoop(() -> Buffer.concat(gotSlow))).isEqualTo(all);
    assertThat(onLoop(() -> Buffer.concat(gotFast))).isEqualTo(all);
  }

  @Test
  void aSlowDestinationThatDiesFreesTheOthers() {
    Pair in = pair();
    Pair fast = pair();
    Pair slow = pair();
    fast.accepted().resume();
    onLoop(() -> {
      in.accepted().pipe(fast.client());
      in.accepted().pipe(slow.client());
      in.client().write(bytes(15_000_000));
    });
    await().until(() -> in.accepted().isPaused());
    slow.client().destroy();

    await().until(() -> fast.accepted().bytesRead() == 15_000_000);
  }

  @Test
  void anErrorOfTheDestinationUnpipesItAndEndsNothingElse() {
    Pair in = pair();
    Pair out = pair();
    onLoop(() -> {
      in.accepted().pipe(out.client());
      out.client().onError(error -> events.add(error.code()));
      out.client().destroy(new NetException("ERR_MINE", "my reason"));
    });
    events.await("ERR_MINE");
    await().until(() -> in.accepted().isPaused());
    in.client().write("nobody");
    settle();

    assertThat(in.accepted().destroyed()).isFalse();
    assertThat(Uncaught.isEmpty()).isTrue();
  }

  @Test
  void anErrorOfTheSourceDoesNotEndTheDestination() {
    Pair in = pair();
    Pair out = pair();
    onLoop(() -> {
      in.accepted().pipe(out.client());
      in.accepted().onError(error -> events.add(error.code()));
      in.accepted().destroy(new NetException("ERR_MINE", "my reason"));
    });
    events.await("ERR_MINE");
    settle();

    assertThat(out.client().readyState()).isEqualTo("open");
  }

  @Test
  void aDestinationThatHasFinishedIsUnpiped() {
    Pair in = pair();
    Pair out = pair(HALF_OPEN, HALF_OPEN);
    onLoop(() -> {
      in.accepted().pipe(out.client());
      out.client().onFinish(() -> events.add("finish"));
      out.client().onError(error -> events.add(error.code()));
      out.client().end();
    });
    events.await("finish");
    in.client().write("too late");
    await().until(() -> in.accepted().bytesRead() == 8);
    settle();

    assertThat(events.list()).containsExactly("finish");
    assertThat(in.accepted().isPaused()).isTrue();
  }

  @Test
  void aPipeToADestinationThatIsFullWaitsForItsDrain() {
    Pair in = pair();
    Pair out = pair();
    in.client().write("waits");
    onLoop(() -> {
      out.client().write(bytes(8_000_000));
      assertThat(out.client().writableNeedDrain()).isTrue();
      in.accepted().pipe(out.client());
    });
    settle();
    assertThat(in.accepted().isPaused()).isTrue();
    out.accepted().resume();

    await().until(() -> out.accepted().bytesRead() == 8_000_005);
  }

  @Test
  void aDestinationOnAnotherLoopThatDrainsBeforeThePipeHearsItIsNotWaitedFor() throws Exception {
    Pair out = pair();
    out.accepted().resume();
    CompletableFuture<TcpSocket> accepted = new CompletableFuture<>();
    CompletableFuture<TcpServer> listening = new CompletableFuture<>();
    CompletableFuture<Loop> sources = new CompletableFuture<>();
    Workers workers =
        Workers.fork(
            1,
            () -> {
              sources.complete(Loop.current());
              TcpServer server = Net.createServer(accepted::complete);
              server.listen(0, "127.0.0.1", () -> listening.complete(server));
            });
    try {
      connect(listening.get(5, TimeUnit.SECONDS)).write("through");
      TcpSocket source = accepted.get(5, TimeUnit.SECONDS);
      onLoop(() -> {
        TcpSocket to = out.client();
        to.cork();
        assertThat(to.write(bytes(70_000))).isFalse();
        // Nothing that the pipe asks for reaches this loop before this has returned.
        source.pipe(to);
        CompletableFuture<Void> looked = new CompletableFuture<>();
        sources.get(5, TimeUnit.SECONDS).execute(() -> looked.complete(null));
        looked.get(5, TimeUnit.SECONDS);
        to.uncork();
        to.flush();
        return null;
      });

      await().until(() -> out.accepted().bytesRead() == 70_007);
    } finally {
      assertThat(workers.close(Duration.ZERO)).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  // Pipelines

  @Test
  void aPipelineTellsThatTheDestinationHasFinished() {
    Pair in = pair();
    Pair out = pair();
    Events far = onLoop(() -> Events.of(out.accepted()));
    onLoop(
        () -> Streams.pipeline(in.accepted(), out.client(), error -> events.add("done " + error)));
    in.client().end("all");

    events.areExactly("done null");
    far.areExactly("data all", "end", "finish", "close false");
  }

  @Test
  void aPipelineDestroysTheDestinationWhenTheSourceFails() {
    Pair in = pair();
    Pair out = pair();
    onLoop(() ->
        Streams.pipeline(in.accepted(), out.client(), error -> events.add("done " + error.code())));
    in.client().write("x");
    await().until(() -> out.client().bytesWritten() == 1);
    in.client().resetAndDestroy();

    events.areExactly("done ECONNRESET");
    await().until(out.client()::destroyed);
  }

  @Test
  void aPipelineDestroysTheSourceWhenTheDestinationClosesTooEarly() {
    Pair in = pair();
    Pair out = pair();
    onLoop(() ->
        Streams.pipeline(in.accepted(), out.client(), error -> events.add("done " + error.code())));
    out.client().destroy();

    events.areExactly("done ERR_STREAM_PREMATURE_CLOSE");
    await().until(in.accepted()::destroyed);
  }

  @Test
  void aPipelineDestroysTheDestinationWhenTheSourceClosesWithoutAnEnd() {
    Pair in = pair();
    Pair out = pair();
    CompletableFuture<String> closed = new CompletableFuture<>();
    onLoop(() -> {
      out.client().onClose(cause -> closed.complete(cause.code()));
      Streams.pipeline(in.accepted(), out.client(), error -> events.add("done " + error.code()));
      in.accepted().destroy();
    });

    events.areExactly("done ERR_STREAM_PREMATURE_CLOSE");
    assertThat(closed).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("ERR_STREAM_PREMATURE_CLOSE");
  }
}
