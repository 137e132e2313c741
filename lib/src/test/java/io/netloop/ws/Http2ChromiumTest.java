package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.http.HttpServer;
import io.netloop.http.Https;
import io.netloop.loop.Buffer;
import io.netloop.tls.TlsOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser over TLS: it loads pages over HTTP/2, and opens a WebSocket on a stream of it. */
@Tag("once")
class Http2ChromiumTest extends WsTest {
  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><title>test</title><script>
      const told = [];
      const long = 'a long text, and again: '.repeat(20000);
      const run = async () => {
        const answers = await Promise.all(
            Array.from({length: 30}, (_, i) => fetch('/n' + i).then(answer => answer.text())));
        told.push('pages ' + answers.every((text, i) => text === '2.0 /n' + i));
        const posted = await fetch('/echo', {method: 'POST', body: long});
        told.push('posted ' + (await posted.text() === long));
        const hops = performance.getEntriesByType('resource').map(entry => entry.nextHopProtocol);
        told.push('hops ' + [...new Set(hops)].join());
        const ws = new WebSocket(`wss://${location.host}/chat`);
        let got = 0;
        ws.onopen = () => { ws.send('Grüße'); ws.send(long); };
        ws.onmessage = ({data}) => {
          told.push(got++ === 0 ? data : 'long ' + (data === long));
          if (got === 2) ws.close(4000, 'fertig');
        };
        ws.onclose = ({code, reason, wasClean}) => {
          told.push(`close ${code} ${reason} ${wasClean}`);
          fetch('/report', {method: 'POST', body: told.join('\\n')});
        };
      };
      run();
      </script>
      """;

  @TempDir private Path profile;

  @Test
  void loadsPagesAndTalksOverHttp2() {
    Path chromium = Peer.program("chromium");
    assumeTrue(chromium != null, "there is no Chromium: ./netloop test installs it on Debian");
    CompletableFuture<String> report = new CompletableFuture<>();
    HttpServer server =
        onLoop(() ->
            Https.createServer(
                TlsOptions.selfSigned("localhost"),
                (request, response) -> {
                  if (request.url().equals("/")) {
                    response.setHeader("Content-Type", "text/html; charset=utf-8").end(PAGE);
                  } else if (request.url().equals("/echo")) {
                    request.pipe(response);
                  } else if (request.url().equals("/report")) {
                    List<Buffer> body = new ArrayList<>();
                    request.onData(body::add);
                    request.onEnd(() -> {
                      report.complete(Buffer.concat(body).toString());
                      response.end();
                    });
                  } else {
                    response.end(request.httpVersion() + " " + request.url());
                  }
                }));
    attach(
        server,
        options().withPath("/chat"),
        socket -> {
          events.add(socket.request().httpVersion() + " " + socket.request().protocol());
          socket.onMessage(socket::send);
        });
    listen(server);

    ProcessBuilder how =
        new ProcessBuilder(
            chromium.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--ignore-certificate-errors",
            "--user-data-dir=" + profile,
            "--remote-debugging-port=0",
            "https://localhost:" + server.address().port() + "/");
    how.environment().put("TMPDIR", profile.toString());
    try (Peer _ = new Peer(how)) {
      assertThat(report.orTimeout(60, TimeUnit.SECONDS).join().lines())
          .containsExactly(
              "pages true",
              "posted true",
              "hops h2",
              "Grüße",
              "long true",
              "close 4000 fertig true");
    }
    assertThat(events).containsExactly("2.0 websocket");
  }
}
