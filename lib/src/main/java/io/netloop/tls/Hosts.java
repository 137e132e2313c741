package io.netloop.tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which context of a server holds for which name. <i>Thread-safe.</i> */
final class Hosts {
  /** A callback may make new options for each client: those not asked for the longest go first. */
  static final int MOST_CHOSEN = 1000;

  private volatile TlsOptions options;
  private volatile ServerContext fallback;
  private boolean listening;

  /** What was added, the latest last. */
  private final Map<String, TlsOptions> added = new LinkedHashMap<>();

  /** The latest first. */
  private volatile Map<String, ServerContext> byPattern;

  /**
   * Contexts of options that a callback has chosen, as long as the rules stay; guarded by itself.
   */
  private final SequencedMap<TlsOptions, ServerContext> chosen =
      new LinkedHashMap<>(16, 0.75f, true);

  Hosts(TlsOptions options) {
    this.options = options;
    this.fallback = new ServerContext(options);
    this.added.putAll(options.contexts());
    this.byPattern = contexts(options, added);
  }

  private static Map<String, ServerContext> contexts(
      TlsOptions rules, Map<String, TlsOptions> special) {
    Map<String, ServerContext> made = new LinkedHashMap<>();
    List<String> patterns = new ArrayList<>(special.keySet());
    for (String pattern : patterns.reversed()) {
      TlsOptions those = special.get(pattern);
      if (those != null) {
        made.put(pattern, new ServerContext(rules.with(those)));
      }
    }
    return made;
  }

  /** New connections have these options; names that were added stay. */
  synchronized void replace(TlsOptions news) {
    ServerContext made = new ServerContext(news);
    Map<String, TlsOptions> all = new LinkedHashMap<>(added);
    all.putAll(news.contexts());
    Map<String, ServerContext> special = contexts(news, all);
    close();
    added.putAll(all);
    byPattern = special;
    fallback = made;
    options = news;
    tellListening();
  }

  /** The server listens: names can be proved by it. */
  synchronized void listening() {
    listening = true;
    tellListening();
  }

  private void tellListening() {
    if (listening) {
      fallback.listening();
      byPattern.values().forEach(ServerContext::listening);
    }
  }

  synchronized void add(String pattern, TlsOptions special) {
    Map<String, ServerContext> all = new LinkedHashMap<>();
    all.put(pattern, new ServerContext(options.with(special)));
    added.remove(pattern);
    added.put(pattern, special);
    byPattern.forEach(all::putIfAbsent);
    byPattern = all;
    tellListening();
  }

  TlsOptions options() {
    return options;
  }

  /** Where the certificates come from: by the options, and for the names that were added. */
  synchronized List<CertificateSource> sources() {
    Set<CertificateSource> all = new LinkedHashSet<>(options.sources());
    added.values().forEach(special -> all.addAll(special.sources()));
    return List.copyOf(all);
  }

  /** What holds for a client that asks for this name, or for none. */
  ServerContext of(@Nullable String servername) {
    if (servername == null) {
      return fallback;
    }
    String name = HostCheck.withoutDot(servername);
    Function<String, @Nullable TlsOptions> callback = options.sniCallback();
    TlsOptions special = callback == null ? null : callback.apply(name);
    if (special != null) {
      synchronized (chosen) {
        ServerContext context =
            chosen.computeIfAbsent(special, those -> new ServerContext(options.with(those)));
        if (chosen.size() > MOST_CHOSEN) {
          chosen.pollFirstEntry();
        }
        return context;
      }
    }
    for (Map.Entry<String, ServerContext> entry : byPattern.entrySet()) {
      if (HostCheck.fits(name, entry.getKey())) {
        return entry.getValue();
      }
    }
    return fallback;
  }

  private void close() {
    byPattern.values().forEach(ServerContext::close);
    synchronized (chosen) {
      chosen.values().forEach(ServerContext::close);
      chosen.clear();
    }
    fallback.close();
  }
}
