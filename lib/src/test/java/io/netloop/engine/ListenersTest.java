package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenersTest {

  @Test
  void keepsTheOrderInWhichListenersWereAdded() {
    Listeners<String> listeners = Listeners.<String>none().with("a").with("b").with("a");

    assertThat(run(listeners)).containsExactly("a", "b", "a");
    assertThat(listeners.size()).isEqualTo(3);
    assertThat(listeners.get(1)).isEqualTo("b");
  }

  @Test
  void isEmptyAtFirstAndAfterTheLastWasTakenOut() {
    Listeners<String> none = Listeners.none();

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.with("a").isEmpty()).isFalse();
    assertThat(none.with("a").without("a")).isSameAs(none);
    assertThat(none.without("a")).isSameAs(none);
  }

  @Test
  void takesOutTheFirstEntryOfAListenerOnly() {
    String a = "a";
    Listeners<String> listeners = Listeners.<String>none().with(a).with("b").with(a);

    assertThat(run(listeners.without(a))).containsExactly("b", "a");
    assertThat(run(listeners.without(a).without(a))).containsExactly("b");
  }

  @Test
  void takesOutByIdentityAndNotByEquality() {
    List<String> one = new ArrayList<>(List.of("same"));
    List<String> other = new ArrayList<>(one);

    assertThat(Listeners.<List<String>>none().with(one).without(other).size()).isEqualTo(1);
  }

  @Test
  void aListThatIsBeingRunDoesNotChange() {
    Listeners<String> before = Listeners.<String>none().with("a").with("b");
    List<String> seen = new ArrayList<>();
    Listeners<?>[] now = {before};

    before.forEach(listener -> {
      seen.add(listener);
      now[0] = before.with("late").without("b");
    });

    assertThat(seen).containsExactly("a", "b");
    assertThat(now[0].size()).isEqualTo(2);
  }

  @Test
  void leavesOutThoseForOneRunAndKeepsTheOthersInOrder() {
    Listeners<String> listeners =
        Listeners.<String>none().withOnce("1").with("a").withOnce("2").with("b").withOnce("3");

    assertThat(run(listeners)).containsExactly("1", "a", "2", "b", "3");
    assertThat(run(listeners.afterOnce())).containsExactly("a", "b");
    assertThat(listeners.afterOnce().afterOnce().size()).isEqualTo(2);
  }

  @Test
  void remembersWhoRunsOnceWhenAnotherIsTakenOut() {
    Listeners<String> listeners =
        Listeners.<String>none().with("a").withOnce("1").with("b").withOnce("2");

    assertThat(run(listeners.without("a").afterOnce())).containsExactly("b");
    assertThat(run(listeners.without("b").afterOnce())).containsExactly("a");
    assertThat(run(listeners.without("1").afterOnce())).containsExactly("a", "b");
  }

  @Test
  void aListenerForOneRunCanBeTakenOutToo() {
    assertThat(Listeners.<String>none().withOnce("a").without("a").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 62, 63, 64, 65, 66, 127, 128, 129, 200})
  void knowsAnyNumberOfListenersForOneRun(int count) {
    Listeners<String> listeners = Listeners.<String>none().with("always");
    for (int i = 0; i < count; i++) {
      listeners = listeners.withOnce("once " + i);
    }
    listeners = listeners.with("always too");

    assertThat(listeners.size()).isEqualTo(count + 2);
    assertThat(run(listeners.afterOnce())).containsExactly("always", "always too");
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65, 100})
  void keepsAllOfManyThatStay(int count) {
    Listeners<String> listeners = Listeners.none();
    for (int i = 0; i < count; i++) {
      listeners = listeners.with("always " + i);
    }
    listeners = listeners.withOnce("once");

    assertThat(listeners.afterOnce().size()).isEqualTo(count);
    assertThat(listeners.without(listeners.get(count - 1)).afterOnce().size()).isEqualTo(count - 1);
  }

  private static List<String> run(Listeners<String> listeners) {
    List<String> seen = new ArrayList<>();
    listeners.forEach(seen::add);
    return seen;
  }
}
