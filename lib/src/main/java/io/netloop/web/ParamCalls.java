package io.netloop.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls the {@link ParamHandler}s of one router for one request: once for each parameter and value,
 * however many layers have it. Loop-confined.
 */
final class ParamCalls {
  private final Map<String, List<ParamHandler>> handlers;
  private final WebRequest request;
  private final WebResponse response;

  /** What became of the latest value of each parameter. */
  private final Map<String, Called> called = new HashMap<>();

  private record Called(String value, @Nullable Throwable failure) {}

  /** Told when all handlers have called next, or one of them has failed or leaves. */
  interface Done {
    void done(@Nullable Throwable failure, Walk.Leaves leaves);
  }

  ParamCalls(Map<String, List<ParamHandler>> handlers, WebRequest request, WebResponse response) {
    this.handlers = handlers;
    this.request = request;
    this.response = response;
  }

  void run(Params params, Done done) {
    name(params, 0, done);
  }

  private void name(Params params, int index, Done done) {
    String[] names = params.names();
    for (int i = index; i < names.length; i++) {
      String name = names[i];
      List<ParamHandler> those = handlers.get(name);
      if (those == null) {
        continue;
      }
      String value = Params.text(Objects.requireNonNull(params.get(name)));
      Called before = called.get(name);
      if (before != null && (before.failure != null || before.value.equals(value))) {
        if (before.failure != null) {
          done.done(before.failure, Walk.Leaves.NOTHING);
          return;
        }
        continue;
      }
      called.put(name, new Called(value, null));
      int next = i + 1;
      handler(
          those,
          0,
          name,
          value,
          (failure, leaves) -> {
            if (failure != null || leaves != Walk.Leaves.NOTHING) {
              called.put(name, new Called(value, failure));
              done.done(failure, leaves);
            } else {
              name(params, next, done);
            }
          });
      return;
    }
    done.done(null, Walk.Leaves.NOTHING);
  }

  private void handler(List<ParamHandler> those, int index, String name, String value, Done done) {
    if (index == those.size()) {
      done.done(null, Walk.Leaves.NOTHING);
      return;
    }
    Step step =
        new Step((failure, leaves) -> {
          if (failure != null || leaves != Walk.Leaves.NOTHING) {
            done.done(failure, leaves);
          } else {
            handler(those, index + 1, name, value, done);
          }
        });
    try {
      those.get(index).handle(request, response, step, value);
    } catch (Throwable failure) {
      step.fail(failure);
    }
  }

  /** One handler's way on; what it calls after the first is ignored. */
  private final class Step implements Next {
    private @Nullable Done done;

    Step(Done done) {
      this.done = done;
    }

    @Override
    public void run() {
      go(null, Walk.Leaves.NOTHING);
    }

    @Override
    public void fail(Throwable error) {
      go(Objects.requireNonNull(error, "error"), Walk.Leaves.NOTHING);
    }

    @Override
    public void route() {
      go(null, Walk.Leaves.ROUTE);
    }

    @Override
    public void router() {
      go(null, Walk.Leaves.ROUTER);
    }

    private void go(@Nullable Throwable failure, Walk.Leaves leaves) {
      request
          .reactor()
          .run(() -> {
            Done first = done;
            done = null;
            if (first != null) {
              first.done(failure, leaves);
            }
          });
    }
  }
}
