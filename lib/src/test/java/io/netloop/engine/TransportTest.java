package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportTest {

  @Test
  void takesEpollOnLinux() {
    assumeTrue(Epoll.isAvailable());

    assertThat(Transport.choose("", "Linux")).isEqualTo(Transport.EPOLL);
  }

  @Test
  void takesNioWhereTheBestDoesNotLoad() {
    assumeFalse(Transport.KQUEUE.isAvailable());

    assertThat(Transport.choose("", "Mac OS X")).isEqualTo(Transport.NIO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "NIO", "Nio"})
  void takesTheOneThatIsAskedForInAnyLetterCase(String wish) {
    assertThat(Transport.choose(wish, "Linux")).isEqualTo(Transport.NIO);
  }

  @Test
  void takesIoUringOnRequestOnly() {
    assumeTrue(Transport.IO_URING.isAvailable());

    assertThat(Transport.choose("io_uring", "Linux")).isEqualTo(Transport.IO_URING);
    assertThat(Transport.choose("", "Linux")).isNotEqualTo(Transport.IO_URING);
  }

  @Test
  void saysWhatToDoWhereTheOneAskedForDoesNotLoad() {
    assumeFalse(Transport.KQUEUE.isAvailable());

    assertThatThrownBy(() -> Transport.choose("kqueue", "Linux"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'kqueue'")
        .hasMessageContaining("-Dnetloop.transport");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iouring", "uring", "select", " nio"})
  void refusesANameThatIsNone(String wish) {
    assertThatThrownBy(() -> Transport.choose(wish, "Linux"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dnetloop.transport must be epoll, io_uring, kqueue or nio, not '%s'.", wish);
  }

  @Test
  void runsOnWhatTheSystemPropertySays() {
    String wish = System.getProperty(Transport.PROPERTY, "");

    assertThat(Transport.chosen()).isEqualTo(Transport.choose(wish, System.getProperty("os.name")));
  }

  @Test
  void makesItsOwnChannels() {
    assertThat(Transport.NIO.newSocketChannel()).isInstanceOf(NioSocketChannel.class);
    assertThat(Transport.NIO.newServerChannel()).isInstanceOf(NioServerSocketChannel.class);
    assertThat(Transport.NIO.ioHandlerFactory()).isNotNull();
  }
}
