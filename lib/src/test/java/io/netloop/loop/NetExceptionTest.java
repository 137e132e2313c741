package io.netloop.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetExceptionTest {

  @Test
  void anErrorOfTheSystemHasNodesTextAndFields() {
    NetException error = NetException.system("connect", "ECONNREFUSED", null, "127.0.0.1", 1, null);

    assertThat(error).hasMessage("connect ECONNREFUSED 127.0.0.1:1");
    assertThat(error.code()).isEqualTo("ECONNREFUSED");
    assertThat(error.errno()).isEqualTo(-111);
    assertThat(error.syscall()).isEqualTo("connect");
    assertThat(error.address()).isEqualTo("127.0.0.1");
    assertThat(error.port()).isEqualTo(1);
    assertThat(error.errors()).isEmpty();
  }

  @Test
  void theWordsStandBetweenCodeAndAddress() {
    assertThat(
            NetException.system(
                "listen", "EADDRINUSE", "address already in use", "::", 36611, null))
        .hasMessage("listen EADDRINUSE: address already in use :::36611");
  }

  @Test
  void aNoteForPeopleClosesTheSentence() {
    assertThat(
            NetException.system(
                "listen", "EADDRINUSE", "address already in use", "::", 80, "held by java, pid 1"))
        .hasMessage("listen EADDRINUSE: address already in use :::80 (held by java, pid 1)");
  }

  @Test
  void portZeroIsAnUnknownPort() {
    NetException error =
        NetException.system(
            "listen", "EADDRNOTAVAIL", "address not available", "192.0.2.1", 0, null);

    assertThat(error).hasMessage("listen EADDRNOTAVAIL: address not available 192.0.2.1");
    assertThat(error.port()).isNull();
  }

  @Test
  void withoutAnAddressTheTextIsShort() {
    NetException error = NetException.system("read", "ECONNRESET");

    assertThat(error).hasMessage("read ECONNRESET");
    assertThat(error.address()).isNull();
    assertThat(error.port()).isNull();
  }

  @Test
  void anErrorOfOursHasNoNumber() {
    NetException error = new NetException("ERR_SOCKET_CLOSED", "Socket is closed");

    assertThat(error.errno()).isZero();
    assertThat(error.syscall()).isNull();
    assertThat(error).hasNoCause();
    assertThat(new NetException("X", "y", error)).hasCause(error);
  }

  @Test
  void severalFailuresAreOneWithTheCodeOfTheFirst() {
    NetException first = NetException.system("connect", "ECONNREFUSED", null, "::1", 1, null);
    NetException second = NetException.system("connect", "ETIMEDOUT", null, "127.0.0.1", 1, null);
    NetException both = NetException.several(List.of(first, second));

    assertThat(both.code()).isEqualTo("ECONNREFUSED");
    assertThat(both.errors()).containsExactly(first, second);
    assertThat(both.address()).isEqualTo("::1");
    assertThat(both)
        .hasMessage(
            "All 2 attempts failed: connect ECONNREFUSED ::1:1; connect ETIMEDOUT 127.0.0.1:1");
  }

  @Test
  void travelsThroughSerialization() throws Exception {
    NetException error = NetException.system("connect", "ECONNREFUSED", null, "::1", 1, null);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(NetException.several(List.of(error, error)));
    }
    Object back = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

    assertThat(back).isInstanceOf(NetException.class);
    assertThat(((NetException) back).code()).isEqualTo("ECONNREFUSED");
    assertThat(((NetException) back).errors()).hasSize(2);
  }
}
