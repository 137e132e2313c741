package io.netloop.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Reads the files of the page from where this class is: a jar, or a directory. */
final class PageSource {
  private static final String FOLDER = "io/netloop/chat/web/";

  private PageSource() {}

  /** All files, by their names; in the folder {@code assets} or beside it is the same. */
  static SortedMap<String, byte[]> read() {
    URL index = PageSource.class.getResource("web/index.html");
    if (index == null) {
      throw new IllegalStateException("The page is missing: this build is not complete.");
    }
    SortedMap<String, byte[]> files = new TreeMap<>();
    try {
      URI place = index.toURI();
      if (place.getScheme().equals("jar")) {
        String jar = place.getRawSchemeSpecificPart();
        readJar(Path.of(URI.create(jar.substring(0, jar.indexOf("!/")))), files);
      } else {
        readFolder(Path.of(place).resolveSibling(""), files);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
    return files;
  }

  private static void readJar(Path file, SortedMap<String, byte[]> files) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (!entry.isDirectory() && entry.getName().startsWith(FOLDER)) {
          try (InputStream content = jar.getInputStream(entry)) {
            files.put(name(entry.getName().substring(FOLDER.length())), content.readAllBytes());
          }
        }
      }
    }
  }

  private static void readFolder(Path folder, SortedMap<String, byte[]> files) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : all) {
      files.put(name(folder.relativize(file).toString()), Files.readAllBytes(file));
    }
  }

  private static String name(String path) {
    return path.startsWith("assets/") ? path.substring("assets/".length()) : path;
  }
}
