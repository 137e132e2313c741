package io.netloop.cli;

import static io.netloop.cli.Usage.flag;
import static io.netloop.cli.Usage.option;

import io.netloop.chat.Harmless;
import io.netloop.http.HttpServer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.HostPort;
import io.netloop.web.App;
import io.netloop.web.StaticFiles;
import io.netloop.web.StaticOptions;
import io.netloop.web.Web;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jline.utils.Signals;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ./netloop serve}: serves the files of a directory until asked to stop. */
final class ServeCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;
  private static final Duration CLOSING_TIME = Duration.ofSeconds(5);
  private static final List<String> EVERYWHERE = List.of("0.0.0.0", "::");

  private final CommandLine line;
  private final Values values;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private boolean stopping;

  ServeCommand(String name) {
    CommandSpec spec = Usage.command(name, "Serve the files of a directory to browsers.", this);
    line =
        Usage.line(
            spec.addPositional(
                    PositionalParamSpec.builder()
                        .paramLabel("DIR")
                        .index("0")
                        .arity("0..1")
                        .type(String.class)
                        .defaultValue(".")
                        .description("The directory (the current one).")
                        .build())
                .addOption(
                    option(
                        "--host",
                        "HOST",
                        "127.0.0.1",
                        "Where to listen (${DEFAULT-VALUE}); 0.0.0.0 is open to the network."))
                .addOption(
                    option(
                        "--port",
                        "PORT",
                        "8000",
                        "On which port, 0 to 65535 (${DEFAULT-VALUE}); 0 is any free one."))
                .addOption(
                    flag(
                        "--spa",
                        "Answer pages that are not there with the index: an application of one page"
                            + " has its routes in the browser."))
                .addOption(flag("--listing", "List the names in directories without an index."))
                .addOption(flag("--cors", "Let pages of other sites use the files.")));
    values = new Values(line);
  }

  CommandLine line() {
    return line;
  }

  @Override
  public Integer call() {
    Path directory = directory();
    String host = values.host("--host");
    int port = values.number("--port", 0, 65_535);
    App app = app(directory);
    CompletableFuture<HttpServer> open = new CompletableFuture<>();
    Loop.current()
        .execute(() -> {
          HttpServer server = app.server();
          server.onError(error -> status.completeExceptionally(advised(error)));
          server.listen(
              port,
              host,
              () -> {
                tell(directory, Objects.requireNonNull(server.address()));
                open.complete(server);
              });
        });
    List.of("INT", "TERM", "HUP").forEach(signal -> Signals.register(signal, () -> stop(open)));
    return status.join();
  }

  private Path directory() {
    String given = line.getCommandSpec().positionalParameters().getFirst().getValue();
    try {
      Path directory = Path.of(given);
      if (Files.isDirectory(directory)) {
        return directory.toRealPath();
      }
      String found = Files.exists(directory) ? "that is a file" : "there is none";
      throw values.wrong(
          "DIR must be a directory, and '%s' is not: %s".formatted(Harmless.text(given), found));
    } catch (InvalidPathException | IOException unusable) {
      throw values.wrong(
          "DIR must be a directory that can be read, not '%s'".formatted(Harmless.text(given)));
    }
  }

  private App app(Path directory) {
    App app = Web.app();
    if (values.flag("--cors")) {
      app.use(Web.cors());
    }
    StaticOptions options =
        StaticOptions.defaults()
            .withPrecompressed(true)
            .withSpa(values.flag("--spa"))
            .withListing(values.flag("--listing"));
    return app.use(StaticFiles.from(directory, options));
  }

  /** Where it is served: each address of its own, where it listens on all. */
  private void tell(Path directory, HostPort address) {
    PrintWriter out = line.getOut();
    out.println("Serving " + directory);
    for (String host : hosts(address.host())) {
      out.println("  http://" + host + ":" + address.port() + "/");
    }
    out.println("Ctrl-C stops it.");
    out.flush();
  }

  private static List<String> hosts(String host) {
    if (!EVERYWHERE.contains(host)) {
      return List.of(host.contains(":") ? "[" + host + "]" : host);
    }
    List<String> hosts = new ArrayList<>(List.of("127.0.0.1"));
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          InetAddress own = address.getAddress();
          if (each.isUp() && !own.isLoopbackAddress() && own.getAddress().length == 4) {
            hosts.add(own.getHostAddress());
          }
        }
      }
    } catch (SocketException unknown) {
      // Then this machine's own is all that can be told.
    }
    return hosts;
  }

  /** At the first signal downloads may end, at the second it stops at once. */
  private synchronized void stop(CompletableFuture<HttpServer> open) {
    if (stopping) {
      status.complete(INTERRUPTED);
      return;
    }
    stopping = true;
    line.getOut()
        .println("Stopping, within %d seconds at the most.".formatted(CLOSING_TIME.toSeconds()));
    line.getOut().flush();
    open.thenCompose(server -> server.drain(CLOSING_TIME)).thenRun(() -> status.complete(0));
  }

  /** The error, with what one can do about it. */
  private static NetException advised(NetException error) {
    String advice =
        switch (error.code()) {
          case "EADDRINUSE" -> ". Stop that one, or choose another port with --port.";
          case "EACCES" -> ". Choose a port above 1023 with --port.";
          default -> ". Choose another address with --host.";
        };
    return new NetException(error.code(), error.getMessage() + advice, error);
  }
}
