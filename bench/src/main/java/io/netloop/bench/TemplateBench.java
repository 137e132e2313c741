package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./netloop bench template}: templates against those of others, each in its own process. */
final class TemplateBench {
  private static final List<String> OURS = List.of("netloop", "jspecify-", "slf4j-", "logback-");
  private static final List<String> PEBBLE = List.of("pebble-", "unbescape-", "slf4j-");
  private static final List<String> HANDLEBARS = List.of("handlebars-", "commons-", "slf4j-");
  private static final List<String> JTE = List.of("jte-");
  private static final List<String> JMH = List.of("jmh-core", "jopt-simple", "commons-math3");

  /** JMH would refuse to run beside another of its kind; here a row says who else was busy. */
  private static final List<String> UNLOCKED = List.of("-Djmh.ignoreLock=true");

  private final Options options;
  private final Nodes nodes;
  private final String folder;

  TemplateBench(Options options, Nodes nodes, Path root) {
    this.options = options;
    this.nodes = nodes;
    this.folder = root.resolve("bench/peers/templates").toString();
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("table", () -> row("table", "A page with a table of 100 rows"));
    rows.put("layout", () -> row("layout", "A page in a layout, with 3 blocks and 11 includes"));
    return rows;
  }

  private Row row(String page, String title) {
    List<Peer> peers = new ArrayList<>();
    peers.add(java("Netloop", OURS, "netloop", page));
    peers.addAll(
        nodes.peersOf(Nodes.NpmPackage.ART_TEMPLATE, "template.js", List.of(), folder, page));
    peers.add(java("Pebble", PEBBLE, "pebble", page));
    peers.add(java("Handlebars.java", HANDLEBARS, "handlebars", page));
    peers.add(java("JTE, compiled to classes", JTE, "jte", page));
    return new Row(page, title, List.of(Metric.more("pages/s", 0)), peers, this::pages);
  }

  /** All have the one class that knows them all: what it does not call need not be there. */
  private Peer java(String name, List<String> jars, String library, String page) {
    List<String> all = new ArrayList<>(jars);
    all.addAll(List.of("netloop", "pebble-", "handlebars-", "jte-"));
    all.addAll(JMH);
    return Java.peer(name, UNLOCKED, all, TemplateRenderer.class, library, folder, page);
  }

  private double[] pages(Peer peer) throws IOException {
    Peer timed = peer.with(String.valueOf(options.seconds()));
    List<String> command = new ArrayList<>(Cores.pin(Cores.OF_ONE_LOOP.servers()));
    command.addAll(timed.command());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("it ended with status " + process.exitValue());
      }
      return new double[] {Double.parseDouble(said.strip())};
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (NumberFormatException e) {
      throw new IOException("it told no number", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
