package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.net.Capture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The capture of a room. That it is right is the library's to test. */
class ChatCaptureTest {
  @RegisterExtension final House house = new House();
  @TempDir Path directory;

  private static String written(Capture capture, Path file) throws IOException {
    capture.close().orTimeout(House.SOON.toSeconds(), TimeUnit.SECONDS).join();
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void hasAllThatUsersSayAndHear() throws IOException {
    Path file = directory.resolve("room.pcap");
    Capture capture = Capture.to(file);
    house.open(ChatOptions.defaults().withCapture(capture));
    Peer ann = house.user("ann");
    Peer ben = house.user("ben");
    ann.hears();
    ben.sends("{\"type\":\"broadcast\",\"message\":\"wide and far\"}\n");
    assertThat(ann.hears()).contains("wide and far");

    String said = written(capture, file);
    assertThat(said)
        .contains("\"nickname\":\"ann\"", "\"nickname\":\"ben\"")
        .contains("{\"type\":\"broadcast\",\"message\":\"wide and far\"}\n");
    assertThat(said.split("wide and far", -1)).hasSizeGreaterThan(2);
    assertThat(capture.dropped()).isZero();
  }

  @Test
  void hasWhatARefusedPeerIsTold() throws IOException {
    Path file = directory.resolve("room.pcap");
    Capture capture = Capture.to(file);
    house.open(ChatOptions.defaults().withMaxPerAddress(1).withCapture(capture));
    house.user("ann");
    Peer refused = house.stranger();
    String told = refused.hearsToTheEnd();
    refused.close();

    assertThat(told).isNotEmpty();
    assertThat(written(capture, file))
        .contains(new String(told.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  @Test
  void isNobodysUnlessItIsGiven() {
    assertThat(ChatOptions.defaults().capture()).isNull();
    assertThat(ChatOptions.defaults().withPort(1).withCapture(null).capture()).isNull();
  }
}
