package io.netloop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tables in Markdown: a median with its spread, and how many times better the first peer is. */
final class Report {
  /** From here on somebody is the limit, in percent of each core. */
  private static final double FULL = 95;

  private Report() {}

  /** A row's table, and under it what must be said about it. */
  static String of(Samples samples) {
    StringBuilder text = new StringBuilder();
    text.append("## %s: %s%n%n".formatted(samples.row().name(), samples.row().title()));
    List<String> head = new ArrayList<>(List.of("server"));
    List<String> line = new ArrayList<>(List.of("---"));
    for (Metric metric : samples.row().metrics()) {
      head.add(metric.name());
      line.add("--:");
      if (metric.better() != Metric.Better.NEITHER) {
        head.add("ratio");
        line.add("--:");
      }
    }
    text.append(cells(head)).append(cells(line));
    for (Peer peer : samples.row().peers()) {
      if (samples.has(peer)) {
        text.append(cells(values(samples, peer)));
      }
    }
    return text.append(notes(samples)).append('\n').toString();
  }

  private static List<String> values(Samples samples, Peer peer) {
    Peer first = samples.row().peers().getFirst();
    List<String> cells = new ArrayList<>(List.of(peer.name()));
    for (Metric metric : samples.row().metrics()) {
      double median = samples.median(peer, metric);
      if (metric.better() == Metric.Better.NEITHER) {
        cells.add(number(median, metric.decimals()));
        continue;
      }
      cells.add(
          "%s (%s–%s)"
              .formatted(
                  number(median, metric.decimals()),
                  number(samples.least(peer, metric), metric.decimals()),
                  number(samples.most(peer, metric), metric.decimals())));
      boolean comparable = samples.has(first) && median != 0;
      cells.add(comparable ? number(metric.ratio(samples.median(first, metric), median), 2) : "");
    }
    return cells;
  }

  private static String notes(Samples samples) {
    StringBuilder notes = new StringBuilder();
    for (Peer peer : samples.row().peers()) {
      String missing = samples.missing(peer);
      if (missing != null) {
        notes.append("%n%s: not measured, %s.%n".formatted(peer.name(), missing));
      }
    }
    List<String> limited =
        samples.row().peers().stream()
            .filter(peer -> generatorWasTheLimit(samples, peer))
            .map(Peer::name)
            .toList();
    if (!limited.isEmpty()) {
      notes.append(
          "%nThe load generator was the limit, and not the server, with: %s.%n"
              .formatted(String.join(", ", limited)));
    }
    return notes.toString();
  }

  private static boolean generatorWasTheLimit(Samples samples, Peer peer) {
    Cores cores = samples.row().cores();
    return samples.row().metrics().contains(Metric.GENERATOR_BUSY)
        && samples.has(peer)
        && samples.median(peer, Metric.GENERATOR_BUSY) >= FULL * cores.generator().size()
        && samples.median(peer, Metric.SERVER_BUSY) < FULL * cores.servers().size();
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static String cells(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
