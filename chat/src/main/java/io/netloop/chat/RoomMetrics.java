package io.netloop.chat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netloop.http.HttpStats;
import io.netloop.loop.Loop;
import io.netloop.net.Admission;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the room is, for Prometheus. Everything is counted where it happens and looked up when
 * somebody asks: not being asked costs nothing. <i>Loop-confined.</i>
 */
final class RoomMetrics {
  private final Room room;
  private final Gates tcp;
  private final WebGate web;
  private final Admission admission;
  private @Nullable PrometheusMeterRegistry registry;

  RoomMetrics(Room room, Gates tcp, WebGate web, Admission admission) {
    this.room = room;
    this.tcp = tcp;
    this.web = web;
    this.admission = admission;
  }

  /** All of it, in Prometheus' text format. */
  String scrape() {
    PrometheusMeterRegistry known = registry;
    if (known == null) {
      known = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      registerRoom(known);
      registerConnections(known);
      registerHttp(known);
      registry = known;
    }
    return known.scrape();
  }

  private void registerRoom(MeterRegistry to) {
    gauge(to, "users", "Users who are logged in.", Room::users);
    gauge(to, "sessions", "Users who may come back, or are here.", r -> r.sessions().size());
    gauge(to, "history.messages", "Messages kept for who comes.", r -> r.history().messages());
    gauge(to, "history.bytes", "Memory that they take.", r -> r.history().bytes());
    gauge(to, "whispers.bytes", "Memory of private messages kept.", r -> r.whispers().bytes());
    String messages = "Messages that were said.";
    count(to, "messages", messages, "kind", "broadcast", c -> c.broadcasts);
    count(to, "messages", messages, "kind", "whisper", c -> c.whispers);
    String delivered = "Messages to all and notices, counted for each receiver.";
    count(to, "deliveries", delivered, null, "", c -> c.deliveries);
    count(to, "resumed", "Users who went on with a session.", null, "", c -> c.resumed);
    count(to, "repeated", "Messages sent again and not doubled.", null, "", c -> c.repeated);
    for (Refusal why : Refusal.values()) {
      String cause = why.name().toLowerCase(Locale.ROOT);
      count(to, "refused", "What was not done.", "cause", cause, c -> c.refused(why));
    }
    for (Ending how : Ending.values()) {
      String cause = how.name().toLowerCase(Locale.ROOT);
      count(to, "ended", "Connections that have ended.", "cause", cause, c -> c.ended(how));
    }
  }

  private void registerConnections(MeterRegistry to) {
    for (boolean isWeb : new boolean[] {false, true}) {
      String transport = isWeb ? "websocket" : "tcp";
      Gauge.builder("netloop.chat.connections", () -> isWeb ? web.connections() : tcp.connections())
          .description("Connections to the room, logged in or not.")
          .tag("transport", transport)
          .register(to);
      Gauge.builder(
              "netloop.chat.queued.bytes", () -> isWeb ? web.queuedBytes() : tcp.queuedBytes())
          .description("What waits for peers that read more slowly than others speak.")
          .tag("transport", transport)
          .register(to);
    }
    for (Admission.Refusal why : Admission.Refusal.values()) {
      FunctionCounter.builder("netloop.chat.not.admitted", admission, a -> a.refused(why))
          .description("Connections that got no seat.")
          .tag("cause", why.name().toLowerCase(Locale.ROOT))
          .register(to);
    }
    FunctionCounter.builder("netloop.loop.stalls", this, any -> Loop.stalls())
        .description("Turns of a loop that took too long.")
        .register(to);
  }

  private void registerHttp(MeterRegistry to) {
    Gauge.builder("netloop.http.connections", web, w -> w.stats().connections())
        .description("Connections of HTTP, those of WebSockets included.")
        .register(to);
    http(to, "requests", "Requests that were answered.", HttpStats::requests);
    http(to, "accepted", "Connections there have been.", HttpStats::accepted);
    http(
        to,
        "errors",
        "Requests that were none, or too much, or too slow.",
        stats -> stats.errors().values().stream().mapToLong(Long::longValue).sum());
  }

  private void gauge(
      MeterRegistry to, String name, String description, ToDoubleFunction<Room> value) {
    Gauge.builder("netloop.chat." + name, room, value).description(description).register(to);
  }

  private void count(
      MeterRegistry to,
      String name,
      String description,
      @Nullable String tag,
      String tagValue,
      ToDoubleFunction<RoomCounts> value) {
    FunctionCounter.Builder<RoomCounts> builder =
        FunctionCounter.builder("netloop.chat." + name, room.counts(), value)
            .description(description);
    (tag == null ? builder : builder.tag(tag, tagValue)).register(to);
  }

  private void http(
      MeterRegistry to, String name, String description, ToDoubleFunction<HttpStats> value) {
    FunctionCounter.builder("netloop.http." + name, web, w -> value.applyAsDouble(w.stats()))
        .description(description)
        .register(to);
  }
}
