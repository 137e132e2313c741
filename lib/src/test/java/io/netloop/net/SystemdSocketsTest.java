package io.netloop.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd says in the environment, and what others put there. */
class SystemdSocketsTest {
  private static final long US = 4711;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("LISTEN_PID", "4711", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "web:chat"));

  @Test
  void theDescriptorsBeginAtThreeAndHaveTheirNames() {
    assertThat(SystemdSockets.read(environment, US))
        .containsExactly(new Inherited(3, "web"), new Inherited(4, "chat"));
  }

  @Test
  void whatHasNoNameIsUnknown() {
    environment.put("LISTEN_FDNAMES", ":chat");
    assertThat(SystemdSockets.read(environment, US))
        .containsExactly(new Inherited(3, "unknown"), new Inherited(4, "chat"));
    environment.put("LISTEN_FDNAMES", "web");
    assertThat(SystemdSockets.read(environment, US))
        .containsExactly(new Inherited(3, "web"), new Inherited(4, "unknown"));
    environment.remove("LISTEN_FDNAMES");
    assertThat(SystemdSockets.read(environment, US))
        .extracting(Inherited::name)
        .containsExactly("unknown", "unknown");
  }

  @Test
  void moreNamesThanDescriptorsAreNoMatter() {
    environment.put("LISTEN_FDNAMES", "web:chat:more:");

    assertThat(SystemdSockets.read(environment, US)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4712", " 4711", "4711x", "-4711", "04711"})
  void whatIsForAnotherProcessIsNotOurs(String pid) {
    environment.put("LISTEN_PID", pid);

    assertThat(SystemdSockets.read(environment, US)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "two", "1025", "99999", "4294967297", "2 ", "٢"})
  void aNumberThatMakesNoSenseIsNone(String count) {
    environment.put("LISTEN_FDS", count);

    assertThat(SystemdSockets.read(environment, US)).isEmpty();
  }

  @Test
  void withoutTheVariablesThereIsNothing() {
    assertThat(SystemdSockets.read(Map.of(), US)).isEmpty();
    assertThat(SystemdSockets.read(Map.of("LISTEN_FDS", "1"), US)).isEmpty();
    assertThat(SystemdSockets.read(Map.of("LISTEN_PID", "4711"), US)).isEmpty();
  }
}
