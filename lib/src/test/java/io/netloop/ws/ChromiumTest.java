package io.netloop.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netloop.http.Http;
import io.netloop.http.HttpServer;
import io.netloop.loop.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser as the client: a page of our HTTP server opens WebSockets to it. */
class ChromiumTest extends WsTest {
  private static final String PAGE =
      """
      <!doctype html><meta charset="utf-8"><title>test</title><script>
      const told = [];
      const report = () => fetch('/report', {method: 'POST', body: told.join('\\n')});
      const bytes = Uint8Array.from({length: 70000}, (_, i) => i * 7);
      const long = 'a long text, and again: '.repeat(20000);
      const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
      const ws = new WebSocket(`ws://${location.host}/echo`, ['first', 'second']);
      let got = 0;
      ws.onopen = () => {
        told.push(`open ${ws.protocol} ${ws.extensions}`);
        ws.send('Grüße, 世界 𝄞');
        ws.send(bytes);
        ws.send(new Blob(['a blob']));
        ws.send(long);
        ws.send('');
        told.push(`queued ${ws.bufferedAmount > 500000}`);
      };
      ws.onmessage = async ({data}) => {
        const at = got++;
        if (at === 0) told.push(`text ${data}`);
        if (at === 1) {
          told.push(`bytes ${same(bytes, new Uint8Array(await data.arrayBuffer()))}`);
        }
        if (at === 2) told.push(`blob ${await data.text()}`);
        if (at === 3) told.push(`long ${data === long}`);
        if (at === 4) {
          told.push(`empty ${data === ''}`);
          ws.close(4000, 'fertig');
        }
      };
      ws.onclose = ({code, reason, wasClean}) => {
        told.push(`close ${code} ${reason} ${wasClean}`);
        second();
      };
      const second = () => {
        const ws = new WebSocket(`ws://${location.host}/closes`);
        ws.onclose = ({code, reason, wasClean}) => {
          told.push(`closed ${code} ${reason} ${wasClean}`);
          third();
        };
      };
      const third = () => {
        const ws = new WebSocket(`ws://${location.host}/nobody`);
        ws.onerror = () => told.push('error');
        ws.onclose = ({code, wasClean}) => {
          told.push(`refused ${code} ${wasClean}`);
          report();
        };
      };
      </script>
      """;

  @TempDir private Path profile;

  @Test
  void talksToAPage() {
    Path chromium = Peer.program("chromium");
    assumeTrue(chromium != null, "there is no Chromium: ./netloop test installs it on Debian");
    CompletableFuture<String> report = new CompletableFuture<>();
    HttpServer http =
        listen(
            Http.createServer((request, response) -> {
              if (!request.method().equals("POST")) {
                response.setHeader("Content-Type", "text/html; charset=utf-8").end(PAGE);
                return;
              }
              List<Buffer> body = new ArrayList<>();
              request.onData(body::add);
              request.onEnd(() -> {
                report.complete(Buffer.concat(body).toString());
                response.end();
              });
            }));
    attach(
        http,
        options().withPath("/echo").withDeflate(DeflateOptions.defaults()),
        socket -> socket.onMessage(socket::send));
    attach(http, options().withPath("/closes"), socket -> socket.close(3333, "srv"));

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
            "--user-data-dir=" + profile,
            "--remote-debugging-port=0",
            "http://127.0.0.1:" + http.address().port() + "/");
    how.environment().put("TMPDIR", profile.toString());
    try (Peer _ = new Peer(how)) {
      assertThat(report.orTimeout(60, TimeUnit.SECONDS).join().lines())
          .containsExactlyInAnyOrder(
              "open first permessage-deflate; server_no_context_takeover;"
                  + " client_no_context_takeover",
              "queued true",
              "text Grüße, 世界 𝄞",
              "bytes true",
              "blob a blob",
              "long true",
              "empty true",
              "close 4000 fertig true",
              "closed 3333 srv true",
              "error",
              "refused 1006 false");
    }
  }
}
