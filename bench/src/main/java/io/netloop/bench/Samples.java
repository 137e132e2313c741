package io.netloop.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all rounds of a row have measured. */
final class Samples {
  private final Row row;
  private final Map<Peer, List<double[]>> rounds = new LinkedHashMap<>();
  private final Map<Peer, String> missing = new LinkedHashMap<>();

  Samples(Row row) {
    this.row = row;
  }

  Row row() {
    return row;
  }

  void add(Peer peer, double[] values) {
    rounds.computeIfAbsent(peer, key -> new ArrayList<>()).add(values);
  }

  /** The peer cannot be measured, or not any more. */
  void miss(Peer peer, String reason) {
    missing.put(peer, reason);
  }

  @Nullable String missing(Peer peer) {
    return missing.get(peer);
  }

  boolean has(Peer peer) {
    return rounds.containsKey(peer);
  }

  double median(Peer peer, Metric metric) {
    double[] values = sorted(peer, metric);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  double least(Peer peer, Metric metric) {
    return sorted(peer, metric)[0];
  }

  double most(Peer peer, Metric metric) {
    double[] values = sorted(peer, metric);
    return values[values.length - 1];
  }

  private double[] sorted(Peer peer, Metric metric) {
    int index = row.metrics().indexOf(metric);
    double[] values =
        rounds.getOrDefault(peer, List.of()).stream().mapToDouble(all -> all[index]).toArray();
    Arrays.sort(values);
    return values;
  }
}
