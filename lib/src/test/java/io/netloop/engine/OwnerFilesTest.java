package io.netloop.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class OwnerFilesTest {
  @TempDir Path folder;

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void onlyTheOwnerReadsASecret() throws IOException {
    Path file = folder.resolve("a.key");

    OwnerFiles.writeSecret(file, "one".getBytes(UTF_8));

    assertThat(file).hasContent("one");
    assertThat(rights(file)).isEqualTo("rw-------");
    assertThat(OwnerFiles.isOpenToOthers(file)).isFalse();
  }

  @Test
  void everybodyReadsWhatIsPublic() throws IOException {
    Path file = folder.resolve("a.pem");

    OwnerFiles.writePublic(file, "one".getBytes(UTF_8));

    assertThat(rights(file)).isEqualTo("rw-r--r--");
    assertThat(OwnerFiles.isOpenToOthers(file)).isTrue();
  }

  @Test
  void replacesAFileByAnotherAndLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("a.key");
    OwnerFiles.writePublic(file, "one".getBytes(UTF_8));
    Object before = Files.getAttribute(file, "unix:ino");

    OwnerFiles.writeSecret(file, "two".getBytes(UTF_8));

    assertThat(file).hasContent("two");
    assertThat(rights(file)).isEqualTo("rw-------");
    assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void keepsTheOldFileWhereTheNewCannotTakeItsPlace() throws IOException {
    Path place = Files.createDirectories(folder.resolve("taken").resolve("by-a-folder"));

    assertThatThrownBy(() -> OwnerFiles.writeSecret(place.getParent(), new byte[1]))
        .isInstanceOf(IOException.class);

    assertThat(place).isDirectory();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(place.getParent());
    }
  }

  @Test
  void makesAFolderThatOnlyTheOwnerLooksInto() throws IOException {
    Path made = folder.resolve("a").resolve("b");

    OwnerFiles.directory(made);
    OwnerFiles.directory(made);

    assertThat(rights(made)).isEqualTo("rwx------");
  }

  @Test
  void doesNotTakeAFileForAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "");

    assertThatThrownBy(() -> OwnerFiles.directory(file)).isInstanceOf(IOException.class);
  }

  @Test
  void knowsWhereEachSystemKeepsSettings() {
    Map<String, String> nothing = Map.of();

    assertThat(OwnerFiles.configFolder(nothing, "Linux", "/home/ann"))
        .isEqualTo(Path.of("/home/ann/.config/netloop"));
    assertThat(OwnerFiles.configFolder(Map.of("XDG_CONFIG_HOME", "/etc/ann"), "Linux", "/home/a"))
        .isEqualTo(Path.of("/etc/ann/netloop"));
    assertThat(OwnerFiles.configFolder(Map.of("XDG_CONFIG_HOME", "here"), "Linux", "/home/ann"))
        .isEqualTo(Path.of("/home/ann/.config/netloop"));
    assertThat(OwnerFiles.configFolder(nothing, "Mac OS X", "/Users/ann"))
        .isEqualTo(Path.of("/Users/ann/Library/Application Support/netloop"));
    assertThat(OwnerFiles.configFolder(Map.of("APPDATA", "/r"), "Windows 11", "/c"))
        .isEqualTo(Path.of("/r/netloop"));
    assertThat(OwnerFiles.configFolder(nothing, "Windows 11", "/c"))
        .isEqualTo(Path.of("/c/.config/netloop"));
  }
}
