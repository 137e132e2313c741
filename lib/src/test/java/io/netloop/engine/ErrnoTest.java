package io.netloop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrnoTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Connection refused: /127.0.0.1:1 | ECONNREFUSED",
        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:1 | ECONNREFUSED",
        "Connection reset | ECONNRESET",
        "Connection reset by peer | ECONNRESET",
        "Broken pipe | EPIPE",
        "Address already in use | EADDRINUSE",
        "Cannot assign requested address | EADDRNOTAVAIL",
        "Can't assign requested address | EADDRNOTAVAIL",
        "Permission denied | EACCES",
        "Connection timed out: no further information | ETIMEDOUT",
        "Network is unreachable | ENETUNREACH",
        "No route to host | EHOSTUNREACH",
        "Too many open files | EMFILE",
        "No such file or directory | ENOENT",
        "Software caused connection abort | ECONNABORTED",
        "connect(..) failed with error(-22): Invalid argument | EINVAL",
        "bind(..) failed with error(-97): Address family not supported by protocol | EAFNOSUPPORT",
        "something else | EIO"
      })
  void readsTheErrorFromTheWordsOfATransport(String words, Errno errno) {
    assertThat(Errno.of(new IOException(words))).isEqualTo(errno);
  }

  @ParameterizedTest
  @CsvSource({"-32, EPIPE", "-104, ECONNRESET", "-98, EADDRINUSE", "-24, EMFILE", "-9, EBADF"})
  void readsTheNumberThatANativeTransportCarries(int number, Errno errno) {
    assumeTrue(Epoll.isAvailable());

    assertThat(Errno.of(new Errors.NativeIoException("write", number))).isEqualTo(errno);
  }

  @Test
  void looksThroughTheCauses() {
    Exception wrapped = new RuntimeException("no", new IOException("Connection reset"));

    assertThat(Errno.of(wrapped)).isEqualTo(Errno.ECONNRESET);
  }

  @Test
  void knowsTheJdksOwnExceptions() {
    assertThat(Errno.of(new UnknownHostException("x"))).isEqualTo(Errno.ENOTFOUND);
    assertThat(Errno.of(new UnresolvedAddressException())).isEqualTo(Errno.ENOTFOUND);
    assertThat(Errno.of(new ClosedChannelException())).isEqualTo(Errno.ECONNABORTED);
    assertThat(Errno.of(new OutOfMemoryError("direct"))).isEqualTo(Errno.ENOBUFS);
    assertThat(Errno.of(new IllegalStateException())).isEqualTo(Errno.EIO);
  }

  @ParameterizedTest
  @CsvSource({
    "ECONNREFUSED, -111",
    "ENOENT, -2",
    "ENOTFOUND, -3008",
    "EADDRINUSE, -98",
    "EADDRNOTAVAIL, -99",
    "EACCES, -13",
    "ECONNRESET, -104",
    "EPIPE, -32",
    "ETIMEDOUT, -110",
    "EINVAL, -22",
    "ERR_SOCKET_CLOSED, 0"
  })
  void hasNodesNumbers(String code, int number) {
    assertThat(Errno.numberOf(code)).isEqualTo(number);
  }

  @ParameterizedTest
  @EnumSource
  void hasWordsForEach(Errno errno) {
    assertThat(errno.words()).isNotBlank().isLowerCase();
    assertThat(errno.number()).isNegative();
  }
}
