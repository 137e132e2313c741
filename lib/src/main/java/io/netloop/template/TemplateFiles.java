package io.netloop.template;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The templates of a folder, compiled when they are first used and kept. <i>Thread-safe.</i> No
 * name leaves the folder: neither {@code ..} nor an absolute path nor a symbolic link.
 */
public final class TemplateFiles implements TemplateEngine {
  /** What a file was when it was compiled. */
  private record Kept(Template template, FileTime changed, long size) {}

  /** A name as a file uses it. */
  private record Call(@Nullable String from, String name) {}

  private final TemplateOptions options;
  private final Path root;
  private final ConcurrentHashMap<Path, Kept> cache = new ConcurrentHashMap<>();

  /** In production only: what names have led to, so that no path is put together again. */
  private final ConcurrentHashMap<Call, Template> known = new ConcurrentHashMap<>();

  TemplateFiles(TemplateOptions options) {
    this.options = options;
    this.root = options.root().toAbsolutePath().normalize();
  }

  /** The options that all its templates have. */
  public TemplateOptions options() {
    return options;
  }

  /**
   * Compiles a file, or takes what was compiled.
   *
   * @param name relative to the root; without an extension it gets that of the options
   * @throws TemplateError where there is no such file inside the root, or it cannot be compiled
   */
  public Template template(String name) {
    return find(Objects.requireNonNull(name, "name"), null);
  }

  /**
   * Renders a file.
   *
   * @param name relative to the root; without an extension it gets that of the options
   * @param data a map, a record or an object with getters; null for none
   * @return the page
   * @throws TemplateError where it fails, unless the options have a listener for errors
   */
  public String render(String name, @Nullable Object data) {
    Template template = orTold(name);
    return template == null ? "{Template Error}" : template.render(data);
  }

  @Override
  public void render(String name, @Nullable Object data, Appendable out) throws IOException {
    Template template = orTold(name);
    if (template == null) {
      out.append("{Template Error}");
    } else {
      template.render(data, out);
    }
  }

  /** Null where it fails and a listener has been told. */
  private @Nullable Template orTold(String name) {
    try {
      return template(name);
    } catch (TemplateError e) {
      if (options.onError() == null) {
        throw e;
      }
      options.onError().accept(e);
      return null;
    }
  }

  /** Compiles a text whose includes are those of this folder. */
  Template compile(String source) {
    return Template.compile(source, options, this, null);
  }

  /** A file as it is called in that file; null for none. */
  Template find(String name, @Nullable String from) {
    if (options.development()) {
      return compiled(resolve(name, from));
    }
    Call call = new Call(from, name);
    Template template = known.get(call);
    if (template == null) {
      template = compiled(resolve(name, from));
      // Names may come from outside: there are as many as somebody thinks of.
      if (known.size() >= options.cached()) {
        known.clear();
      }
      known.put(call, template);
    }
    return template;
  }

  private Template compiled(Path file) {
    Kept kept = cache.get(file);
    if (kept != null && (!options.development() || isUnchanged(file, kept))) {
      return kept.template;
    }
    return load(file);
  }

  private static boolean isUnchanged(Path file, Kept kept) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() == kept.size && now.lastModifiedTime().equals(kept.changed);
    } catch (IOException e) {
      // It is read below, which says what is wrong.
      return false;
    }
  }

  private Path resolve(String name, @Nullable String from) {
    Path file;
    try {
      boolean local = isLocal(name);
      Path parent = local && from != null ? Path.of(from).getParent() : null;
      file = (parent == null ? root : parent).resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw TemplateError.notFound(name, "'%s' is no name of a file".formatted(shown(name)), e);
    }
    Path last = file.getFileName();
    if (last != null && last.toString().lastIndexOf('.') <= 0) {
      file = file.resolveSibling(last + options.extension());
    }
    if (!file.startsWith(root)) {
      throw outside(file);
    }
    return file;
  }

  /** {@code ./x}, {@code ../x}: beside the file that names it. */
  private static boolean isLocal(String name) {
    int dots = 0;
    while (dots < name.length() && name.charAt(dots) == '.') {
      dots++;
    }
    return dots > 0 && dots < name.length() && name.charAt(dots) == '/';
  }

  private static String shown(String name) {
    return name.replace('\0', '␀');
  }

  private TemplateError outside(Path file) {
    return TemplateError.notFound(
        file.toString(),
        "'%s' lies outside of the templates' folder '%s'".formatted(file, root),
        null);
  }

  private Template load(Path file) {
    try {
      // Links count as what they point to, those of the root itself too.
      if (!file.toRealPath().startsWith(root.toRealPath())) {
        throw outside(file);
      }
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      if (!found.isRegularFile()) {
        throw TemplateError.notFound(
            file.toString(), "'%s' is no regular file".formatted(file), null);
      }
      if (found.size() > 4L * options.limits().source()) {
        throw TemplateError.notFound(
            file.toString(),
            "'%s' has %d bytes; %d characters are the limit"
                .formatted(file, found.size(), options.limits().source()),
            null);
      }
      String source = Files.readString(file, StandardCharsets.UTF_8);
      Template template = Template.compile(source, options, this, file.toString());
      keep(file, new Kept(template, found.lastModifiedTime(), found.size()));
      return template;
    } catch (NoSuchFileException e) {
      throw TemplateError.notFound(
          file.toString(), "ENOENT: no such file or directory, open '%s'".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw TemplateError.notFound(
          file.toString(), "'%s' is not written in UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw TemplateError.notFound(file.toString(), "'%s': %s".formatted(file, e), e);
    }
  }

  /** A full cache loses any of its templates: one that is used comes back. */
  private void keep(Path file, Kept kept) {
    if (cache.size() >= options.cached() && !cache.containsKey(file)) {
      var any = cache.keySet().iterator();
      if (any.hasNext()) {
        cache.remove(any.next());
      }
    }
    cache.put(file, kept);
  }

  /** Forgets all that was compiled. */
  public void clear() {
    cache.clear();
    known.clear();
  }

  /** How many templates are kept. */
  int kept() {
    return cache.size();
  }

  /** For a message: what is kept, by name. */
  @Override
  public String toString() {
    Map<String, Boolean> names = new LinkedHashMap<>();
    cache.keySet().forEach(file -> names.put(root.relativize(file).toString(), true));
    return "templates of " + root + ": " + names.keySet();
  }
}
