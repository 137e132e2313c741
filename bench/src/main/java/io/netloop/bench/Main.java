package io.netloop.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entry of {@code ./netloop bench}. */
final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  /** How long a trial waits at most until others leave the machine alone. */
  private static final double QUIET_SECONDS = 20;

  private static final String USAGE =
      """
      Netloop side by side with raw Netty, Vert.x, Node and others, in one run on this machine.

        ./netloop bench tcp [OPTION…]     echo servers; the rows are ping, bulk, idle, start
        ./netloop bench udp [OPTION…]     datagrams; the rows are echo-1, echo-64, receive
        ./netloop bench http [OPTION…]    HTTP servers, under the load of wrk; the rows are plain-64,
                                          plain-256, pipelined, json, plain-2-loops,
                                          pipelined-2-loops, idle, start
        ./netloop bench http2 [OPTION…]   servers of HTTP/2, under the load of h2load; the rows are
                                          plain, large, idle
        ./netloop bench web [OPTION…]     web frameworks and files, under the load of wrk; the rows are
                                          routes, static-1k, static-100k, static-10m
        ./netloop bench ws [OPTION…]      WebSocket servers; the rows are echo-64, echo-16k,
                                          fanout-500-1, fanout-500-16, idle
        ./netloop bench tls [OPTION…]     servers over TLS, by openssl, wrk and curl; the rows are full,
                                          resumed, requests, transfer
        ./netloop bench chat [OPTION…]    chat rooms; the rows are talk-1, talk-16, talk-1-ahead,
                                          talk-16-ahead, web-talk-1, web-talk-16
        ./netloop bench template [OPTION…]  templates; the rows are table, layout

        --rounds N        how many times each server is measured (5)
        --seconds S       for how long each time, after at least as long a warm-up (5)
        --only NAME,…     these rows alone
        --no-npm          leave out the newest Node, ws, Socket.IO and art-template, which
                          npm would install
        -h, --help        show this and exit

      The tables go to standard output and to bench/results. bench/README.md says what they mean.
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Path root;
  private final Path results;

  Main(PrintStream out, PrintStream err, Path root, Path results) {
    this.out = out;
    this.err = err;
    this.root = root;
    this.results = results;
  }

  @SuppressWarnings("SystemOut")
  static void main(String[] args) {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("netloop.root")));
    System.exit(new Main(System.out, System.err, root, root.resolve("bench/results")).run(args));
  }

  /** Runs one command; returns the exit status. */
  int run(String... args) {
    if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
      out.print(USAGE);
      return 0;
    }
    try {
      return measure(Options.parse(args));
    } catch (Options.Wrong e) {
      err.println("netloop: " + e.getMessage() + " (./netloop bench --help).");
      return WRONG_USAGE;
    }
  }

  /** Measures what the options say; returns the exit status. */
  int measure(Options options) throws Options.Wrong {
    if (!Machine.isLinux()) {
      err.println("netloop: bench makes Linux's system calls itself and needs Linux.");
      return FAILED;
    }
    String missing =
        switch (options.what()) {
          case "http", "web" -> Wrk.missing();
          case "http2" -> H2Load.missing();
          case "tls" -> OpenSsl.missing() != null ? OpenSsl.missing() : Wrk.missing();
          default -> null;
        };
    if (missing != null) {
      err.println("netloop: " + missing);
      return FAILED;
    }
    Nodes nodes = new Nodes(root.resolve("bench/peers"), options.npm() ? nodeFolder() : null);
    Map<String, Row.Maker> rows =
        switch (options.what()) {
          case "tcp" -> new TcpBench(options, nodes, root).rows();
          case "udp" -> new UdpBench(options, nodes, root).rows();
          case "http" -> new HttpBench(options, nodes, root).rows();
          case "http2" -> new Http2Bench(options, nodes, root).rows();
          case "web" -> new WebBench(options, nodes, root).rows();
          case "tls" -> new TlsBench(options, nodes, root).rows();
          case "ws" -> new WsBench(options, nodes).rows();
          case "template" -> new TemplateBench(options, nodes, root).rows();
          default -> new ChatBench(options, nodes).rows();
        };
    for (String name : options.only()) {
      if (!rows.containsKey(name)) {
        throw new Options.Wrong(
            "there is no row '%s': they are %s".formatted(name, String.join(", ", rows.keySet())));
      }
    }
    StringBuilder text = new StringBuilder(Heading.of(options, root));
    for (Map.Entry<String, Row.Maker> row : rows.entrySet()) {
      if (options.only().isEmpty() || options.only().contains(row.getKey())) {
        String table = Report.of(measure(row.getValue().make(), options));
        out.println(table);
        text.append('\n').append(table);
        // After each row: a run that is broken off leaves what it has.
        if (!write(options, text.toString())) {
          return FAILED;
        }
      }
    }
    return 0;
  }

  /** All rounds of a row; who fails once is out. */
  private Samples measure(Row row, Options options) {
    Samples samples = new Samples(row);
    for (Peer peer : row.peers()) {
      if (peer.missing() != null) {
        samples.miss(peer, peer.missing());
      }
    }
    for (int round = 1; round <= options.rounds(); round++) {
      for (Peer peer : row.peers()) {
        if (samples.missing(peer) == null) {
          err.printf("%s, round %d of %d: %s%n", row.name(), round, options.rounds(), peer.name());
          Machine.awaitQuiet(options.small() ? 0 : QUIET_SECONDS);
          try {
            samples.add(peer, row.trial().of(peer));
          } catch (IOException e) {
            samples.miss(peer, String.valueOf(e.getMessage()));
          }
        }
      }
    }
    return samples;
  }

  private boolean write(Options options, String text) {
    String only = options.only().isEmpty() ? "" : "-" + String.join("-", options.only());
    Path file =
        results.resolve(LocalDate.now(ZoneOffset.UTC) + "-" + options.what() + only + ".md");
    try {
      Files.createDirectories(results);
      Files.writeString(file, text);
      return true;
    } catch (IOException e) {
      err.println("netloop: the results could not be written: " + e);
      return false;
    }
  }

  /** Outlives a clean build; nothing else is kept outside of the project. */
  private static @Nullable Path nodeFolder() {
    String home = System.getProperty("user.home");
    return home == null ? null : Path.of(home, ".cache/netloop/node");
  }
}
