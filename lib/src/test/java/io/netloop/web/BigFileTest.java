package io.netloop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file of ten gigabytes, which is nearly all holes; and what it costs of memory: nothing. */
@Tag("once")
class BigFileTest extends StaticTest {
  private static final long SIZE = 10_000_000_000L;

  private void bigFile() throws IOException {
    Path path = file("big.bin", "");
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("the end".getBytes(StandardCharsets.UTF_8)), SIZE - 7);
      channel.write(ByteBuffer.wrap("middle".getBytes(StandardCharsets.UTF_8)), 5_000_000_000L);
    }
    serve(PLAIN);
  }

  @Test
  void itsLengthAndItsLastBytesAreThereAtOnce() throws IOException {
    bigFile();
    assertThat(head("/big.bin").header("Content-Length")).isEqualTo("10000000000");
    Answer end = get("/big.bin", "Range: bytes=-7");
    assertThat(end.header("Content-Range")).isEqualTo("bytes 9999999993-9999999999/10000000000");
    assertThat(end.body()).isEqualTo("the end");
    assertThat(get("/big.bin", "Range: bytes=5000000000-5000000005").body()).isEqualTo("middle");
    assertThat(get("/big.bin", "Range: bytes=0-1,5000000000-5000000005,-3").body())
        .contains("\r\n\r\nmiddle\r\n")
        .contains("\r\n\r\nend\r\n");
    assertThat(get("/big.bin", "Range: bytes=10000000000-").header("Content-Range"))
        .isEqualTo("bytes */10000000000");
  }

  @Test
  void manyWhoReadItSlowlyCostNoMemory() throws IOException {
    bigFile();
    for (int i = 0; i < 50; i++) {
      Socket socket = connect();
      send(socket, "GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\n");
      hear(socket, "\r\n\r\n");
    }
    System.gc();
    long before = usedBytes();
    for (int i = 0; i < 50; i++) {
      Socket socket = connect();
      send(socket, "GET /big.bin HTTP/1.1\r\nHost: h\r\n\r\n");
      hear(socket, "\r\n\r\n");
    }
    System.gc();
    // Half a megabyte for each of them would be a copy of what the system holds already.
    assertThat(usedBytes() - before).isLessThan(10 << 20);
  }

  /** {@code -Dnetloop.bigFile=true}: some seconds. */
  @Test
  void allOfItArrivesInFlatMemory() throws IOException {
    assumeTrue(Boolean.getBoolean("netloop.bigFile"), "asked for by -Dnetloop.bigFile=true");
    bigFile();
    Socket socket = connect();
    send(socket, "GET /big.bin HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    InputStream in = socket.getInputStream();
    byte[] block = new byte[1 << 20];
    long heard = 0;
    long most = 0;
    System.gc();
    long before = usedBytes();
    for (int length; (length = in.read(block)) >= 0; heard += length) {
      most = Math.max(most, heard % (1 << 28) < length ? usedBytes() : 0);
    }
    assertThat(heard).isGreaterThan(SIZE).isLessThan(SIZE + 1_000);
    assertThat(most - before).isLessThan(200 << 20);
  }

  private static long usedBytes() {
    long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      bytes += pool.getMemoryUsed();
    }
    return bytes;
  }
}
