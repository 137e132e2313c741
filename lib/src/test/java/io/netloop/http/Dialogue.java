package io.netloop.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** A server, written for Node and for us, and what one client says to it over one connection. */
final class Dialogue {
  /** What a handler does with a request. */
  @FunctionalInterface
  interface Handler {
    void handle(Notes t, HttpRequest q, HttpResponse r) throws Exception;
  }

  final String name;
  String nodeOptions = "{}";
  HttpServerOptions options = HttpServerOptions.defaults();
  String nodeSetUp = "";
  BiConsumer<Notes, HttpServer> setUp = (t, server) -> {};
  String nodeHandler = "res.end('hi')";
  Handler handler = (t, q, r) -> r.end("hi");
  String lastNote = "";
  boolean probes = true;
  int sinceNode;
  int beforeNode = Integer.MAX_VALUE;
  Duration patience = Duration.ofSeconds(4);
  final List<RawClient.Step> steps = new ArrayList<>();

  private Dialogue(String name) {
    this.name = name;
  }

  static Dialogue dialogue(String name) {
    return new Dialogue(name);
  }

  /** A GET of {@code /} by HTTP/1.1 with these lines behind Host. */
  static String get(String... lines) {
    return request("GET / HTTP/1.1", lines);
  }

  /** A head with a Host. */
  static String request(String first, String... lines) {
    List<String> all = new ArrayList<>(List.of(first, "Host: h"));
    all.addAll(List.of(lines));
    return String.join("\r\n", all) + "\r\n\r\n";
  }

  /** What answers; for Node with {@code req}, {@code res} and {@code t}. */
  Dialogue answers(String node, Handler ours) {
    nodeHandler = node;
    handler = ours;
    return this;
  }

  /** What is done with {@code server} before it listens. */
  Dialogue server(String node, BiConsumer<Notes, HttpServer> ours) {
    nodeSetUp = node;
    setUp = ours;
    return this;
  }

  Dialogue with(String node, UnaryOperator<HttpServerOptions> ours) {
    nodeOptions = node;
    options = ours.apply(options);
    return this;
  }

  /** The client sends these bytes; behind the last that it sends follows a request of its own. */
  Dialogue sends(String latin1) {
    steps.add(new RawClient.Send(latin1));
    return this;
  }

  /** The client waits until it has received this. */
  Dialogue hears(String latin1) {
    steps.add(new RawClient.Hear(latin1));
    return this;
  }

  /** Both wait until the server has noted this. */
  Dialogue sees(String note) {
    steps.add(new RawClient.See(note));
    return this;
  }

  /** The client ends its side. */
  Dialogue ends() {
    steps.add(new RawClient.End());
    probes = false;
    return this;
  }

  /** The client is gone, without a word. */
  Dialogue resets() {
    steps.add(new RawClient.Reset());
    probes = false;
    return this;
  }

  /** The client asks for nothing more: it waits for the end, as long as that takes. */
  Dialogue alone() {
    probes = false;
    return this;
  }

  /** The server's last note, which is waited for. */
  Dialogue until(String note) {
    lastNote = note;
    return this;
  }

  /** This Node does it in another way that does no harm, which the table of differences names. */
  Dialogue beforeNode(int major) {
    beforeNode = major;
    return this;
  }

  /** Nothing more is expected to happen, in one of both: it is not waited for long. */
  Dialogue briefly() {
    patience = Duration.ofMillis(400);
    return this;
  }

  Dialogue sinceNode(int major) {
    sinceNode = major;
    return this;
  }

  @Override
  public String toString() {
    return name;
  }
}
