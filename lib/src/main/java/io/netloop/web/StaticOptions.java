package io.netloop.web;

import io.netloop.loop.NetException;
import java.time.Duration;
import java.util.List;

/**
 * How {@link StaticFiles} serve a directory: the options of Express's {@code static}, and some
 * more. <i>Immutable.</i>
 *
 * @see <a href="https://expressjs.com/en/resources/middleware/serve-static.html">Express:
 *     serve-static</a>
 */
public final class StaticOptions {
  private static final Duration MOST_AGE = Duration.ofDays(365);
  private static final Duration MOST_KEPT = Duration.ofHours(1);
  private static final StaticOptions DEFAULTS = new StaticOptions();

  // Changed only before anybody else sees the object.
  private List<String> index = List.of("index.html");
  private List<String> extensions = List.of();
  private DotFiles dotFiles = DotFiles.IGNORE;
  private EntityTags entityTags = EntityTags.WEAK;
  private boolean fallthrough = true;
  private boolean redirect = true;
  private boolean cacheControl = true;
  private Duration maxAge = Duration.ZERO;
  private boolean immutable;
  private boolean lastModified = true;
  private boolean acceptRanges = true;
  private boolean precompressed;
  private boolean followSymlinks;
  private boolean listing;
  private boolean spa;
  private String charset = "utf-8";
  private Duration keptFor = Duration.ofMillis(100);
  private FileHeaders headers = (response, file, size) -> {};

  private StaticOptions() {}

  private StaticOptions(StaticOptions from) {
    index = from.index;
    extensions = from.extensions;
    dotFiles = from.dotFiles;
    entityTags = from.entityTags;
    fallthrough = from.fallthrough;
    redirect = from.redirect;
    cacheControl = from.cacheControl;
    maxAge = from.maxAge;
    immutable = from.immutable;
    lastModified = from.lastModified;
    acceptRanges = from.acceptRanges;
    precompressed = from.precompressed;
    followSymlinks = from.followSymlinks;
    listing = from.listing;
    spa = from.spa;
    charset = from.charset;
    keptFor = from.keptFor;
    headers = from.headers;
  }

  /** What holds where nothing else is said. */
  public static StaticOptions defaults() {
    return DEFAULTS;
  }

  /**
   * The files that stand for a directory, the first that is there; {@code index.html} by default.
   */
  public StaticOptions withIndex(String... names) {
    StaticOptions changed = new StaticOptions(this);
    changed.index = checked("index", List.of(names));
    return changed;
  }

  /**
   * Extensions without a dot that are tried, in order, for a name without one that is no file: with
   * {@code html} a request for {@code /about} is answered with {@code about.html}. None by default.
   */
  public StaticOptions withExtensions(String... names) {
    StaticOptions changed = new StaticOptions(this);
    changed.extensions = checked("extensions", List.of(names));
    return changed;
  }

  private static List<String> checked(String option, List<String> names) {
    for (String name : names) {
      if (name.isEmpty()
          || name.equals("..")
          || name.chars().anyMatch(c -> "/\\\0".indexOf(c) >= 0)) {
        throw new NetException(
            "ERR_INVALID_ARG_VALUE",
            "The option '%s' has names of files, without a directory, and not \"%s\"."
                .formatted(option, name));
      }
    }
    return names;
  }

  /** What becomes of names with a dot before them; {@link DotFiles#IGNORE} by default. */
  public StaticOptions withDotFiles(DotFiles rule) {
    StaticOptions changed = new StaticOptions(this);
    changed.dotFiles = rule;
    return changed;
  }

  /** How an {@code ETag} is made; {@link EntityTags#WEAK} by default. */
  public StaticOptions withEntityTags(EntityTags kind) {
    StaticOptions changed = new StaticOptions(this);
    changed.entityTags = kind;
    return changed;
  }

  /**
   * Whether requests that cannot be answered go on to the next handler of an application: those for
   * what is not there, with another method than GET and HEAD, or with a path that is none. True by
   * default; without it they are answered with 404, 405, 400 or 403. Where there is no next, as
   * alone behind a server, they are always answered.
   */
  public StaticOptions withFallthrough(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.fallthrough = on;
    return changed;
  }

  /** Whether a directory's name without a slash at its end is redirected to the one with it. */
  public StaticOptions withRedirect(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.redirect = on;
    return changed;
  }

  /** Whether {@code Cache-Control} is sent; true by default. */
  public StaticOptions withCacheControl(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.cacheControl = on;
    return changed;
  }

  /**
   * For how long a client may use a file without asking again: the {@code max-age} of {@code
   * Cache-Control}, in whole seconds. Zero by default, a year at most.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public StaticOptions withMaxAge(Duration age) {
    StaticOptions changed = new StaticOptions(this);
    changed.maxAge = inRange("maxAge", age, MOST_AGE);
    return changed;
  }

  private static Duration inRange(String option, Duration value, Duration most) {
    if (value.isNegative() || value.compareTo(most) > 0) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "The value of \"%s\" is out of range. It must be from zero to %s. Received %s"
              .formatted(option, most, value));
    }
    return value;
  }

  /** Adds {@code immutable} to {@code Cache-Control} (RFC 8246): clients do not even ask. */
  public StaticOptions withImmutable(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.immutable = on;
    return changed;
  }

  /** Whether {@code Last-Modified} is sent; true by default. */
  public StaticOptions withLastModified(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.lastModified = on;
    return changed;
  }

  /** Whether parts of a file can be asked for; true by default. */
  public StaticOptions withAcceptRanges(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.acceptRanges = on;
    return changed;
  }

  /**
   * Whether, for {@code main.js}, a file {@code main.js.br}, {@code main.js.zst} or {@code
   * main.js.gz} beside it is sent to clients that can read it. False by default.
   */
  public StaticOptions withPrecompressed(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.precompressed = on;
    return changed;
  }

  /**
   * Whether symbolic links may lead out of the directory. False by default: what is outside is then
   * not there. Links that stay inside are always followed, and so is one that is the directory.
   */
  public StaticOptions withFollowSymlinks(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.followSymlinks = on;
    return changed;
  }

  /**
   * Whether a directory without an index is answered with the names in it: as a page, or as JSON
   * where the client prefers that. False by default.
   */
  public StaticOptions withListing(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.listing = on;
    return changed;
  }

  /**
   * For an application of one page that has its routes in the browser: a page that is not there is
   * answered with the index of the root. Other things are still 404: names with an extension, and
   * what is not asked for as HTML. False by default.
   */
  public StaticOptions withSpa(boolean on) {
    StaticOptions changed = new StaticOptions(this);
    changed.spa = on;
    return changed;
  }

  /**
   * What is said to be the charset of text; {@code utf-8} by default, nothing where it is empty.
   */
  public StaticOptions withCharset(String name) {
    if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0)) {
      throw new NetException(
          "ERR_INVALID_ARG_VALUE", "A charset has a name such as utf-8, not \"" + name + "\".");
    }
    StaticOptions changed = new StaticOptions(this);
    changed.charset = name;
    return changed;
  }

  /**
   * For how long a file that was found is taken to be as it was, without a look at the disk: 100
   * milliseconds by default, an hour at most, zero for never.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE}
   */
  public StaticOptions withKeptFor(Duration time) {
    StaticOptions changed = new StaticOptions(this);
    changed.keptFor = inRange("keptFor", time, MOST_KEPT);
    return changed;
  }

  /** Sets more headers with each file. */
  public StaticOptions withHeaders(FileHeaders more) {
    StaticOptions changed = new StaticOptions(this);
    changed.headers = more;
    return changed;
  }

  List<String> index() {
    return index;
  }

  List<String> extensions() {
    return extensions;
  }

  DotFiles dotFiles() {
    return dotFiles;
  }

  EntityTags entityTags() {
    return entityTags;
  }

  boolean fallthrough() {
    return fallthrough;
  }

  boolean redirect() {
    return redirect;
  }

  boolean lastModified() {
    return lastModified;
  }

  boolean acceptRanges() {
    return acceptRanges;
  }

  boolean precompressed() {
    return precompressed;
  }

  boolean followSymlinks() {
    return followSymlinks;
  }

  boolean listing() {
    return listing;
  }

  boolean spa() {
    return spa;
  }

  String charset() {
    return charset;
  }

  Duration keptFor() {
    return keptFor;
  }

  FileHeaders headers() {
    return headers;
  }

  /** The value of {@code Cache-Control}, or an empty one where none is sent. */
  String cacheControlValue() {
    if (!cacheControl) {
      return "";
    }
    return "public, max-age=" + maxAge.toSeconds() + (immutable ? ", immutable" : "");
  }
}
