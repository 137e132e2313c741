package io.netloop.acme;

import static org.awaitility.Awaitility.await;

import io.netloop.http.FetchOptions;
import io.netloop.http.Http;
import io.netloop.tls.AcmeDnsHook;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import io.netloop.tls.LocalAuthority;
import io.netloop.tls.TlsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Let's Encrypt's own test authority, which refuses some of the nonces that it has given out, and
 * the name server that it asks. It has forgotten everything when it starts again.
 */
final class Pebble implements AutoCloseable {
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final int httpPort;
  private final int tlsPort;
  private final int port = freePort();
  private final int managementPort = freePort();
  private final int dnsPort = freePort();
  private final int dnsManagementPort = freePort();
  private int refusedNonces = 20;

  /** An authority that looks at these ports for http-01 and tls-alpn-01. */
  Pebble(Path folder, int httpPort, int tlsPort) {
    this.folder = folder;
    this.httpPort = httpPort;
    this.tlsPort = tlsPort;
  }

  /** How many of a hundred nonces are refused although they are good. */
  Pebble refusingNonces(int percent) {
    refusedNonces = percent;
    return this;
  }

  static boolean isInstalled() {
    return Files.isExecutable(Path.of("/usr/bin/pebble"));
  }

  Pebble start() throws IOException {
    try {
      startNames();
      startAuthority();
      return this;
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private void startNames() throws IOException {
    run(
        "names",
        Map.of(),
        "pebble-challtestsrv",
        "-defaultIPv6",
        "",
        "-http01",
        "",
        "-https01",
        "",
        "-tlsalpn01",
        "",
        "-dns01",
        "127.0.0.1:" + dnsPort,
        "-management",
        "127.0.0.1:" + dnsManagementPort);
    awaitPort(dnsManagementPort);
  }

  private void startAuthority() throws IOException {
    LocalAuthority authority = LocalAuthority.in(folder.resolve("trust"));
    KeyAndChain own = authority.issue(List.of("localhost", "127.0.0.1"));
    Files.writeString(folder.resolve("own.pem"), own.chainPem());
    Files.writeString(folder.resolve("own.key"), own.keyPem());
    Files.writeString(
        folder.resolve("pebble.json"),
        """
        {"pebble": {
          "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "%s/own.pem", "privateKey": "%s/own.key",
          "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "", "externalAccountBindingRequired": false}}
        """
            .formatted(port, managementPort, folder, folder, httpPort, tlsPort));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PEBBLE_VA_NOSLEEP", "1");
    environment.put("PEBBLE_AUTHZREUSE", "0");
    environment.put("PEBBLE_WFE_NONCEREJECT", String.valueOf(refusedNonces));
    run(
        "authority",
        environment,
        "pebble",
        "-config",
        folder.resolve("pebble.json").toString(),
        "-dnsserver",
        "127.0.0.1:" + dnsPort);
    awaitPort(port);
  }

  private void run(String name, Map<String, String> environment, String... command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    processes.add(builder.start());
  }

  private static void awaitPort(int port) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          }
        });
  }

  /** What this authority is asked with, for these names. */
  AcmeOptions options(String... names) {
    return AcmeOptions.of(names)
        .withEmail("me@example.org")
        .withDirectory(URI.create("https://127.0.0.1:" + port + "/dir"))
        .withTrust(LocalAuthority.certificateIn(folder.resolve("trust")))
        .withFolder(folder.resolve("kept"));
  }

  /** A PEM file with the authority's own certificate, which it makes anew at each start. */
  Path root() {
    String url = "https://127.0.0.1:" + managementPort + "/roots/0";
    TlsOptions tls =
        TlsOptions.client().withCa(LocalAuthority.certificateIn(folder.resolve("trust")));
    String pem =
        Http.fetch(url, FetchOptions.defaults().withTls(tls))
            .orTimeout(60, TimeUnit.SECONDS)
            .join()
            .text();
    try {
      return Files.writeString(folder.resolve("root.pem"), pem);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** The folder in which certificates of this authority are kept. */
  Path kept() {
    return folder.resolve("kept").resolve("127.0.0.1-" + port);
  }

  /** What it has said so far. */
  String log() {
    try {
      return Files.readString(folder.resolve("authority.log"));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Puts records into the zone. */
  AcmeDnsHook dns() {
    return new AcmeDnsHook() {
      @Override
      public void add(String record, String value) throws Exception {
        tellNames("set-txt", "{\"host\": \"" + record + ".\", \"value\": \"" + value + "\"}");
      }

      @Override
      public void remove(String record, String value) throws Exception {
        tellNames("clear-txt", "{\"host\": \"" + record + ".\"}");
      }
    };
  }

  private void tellNames(String what, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + dnsManagementPort + "/" + what))
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException(what + " was answered with " + status);
    }
  }

  /** A port that nobody has at the moment: Pebble can't be told to choose one. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    processes.forEach(process -> process.onExit().join());
    http.close();
  }
}
