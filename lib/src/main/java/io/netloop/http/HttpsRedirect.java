package io.netloop.http;

import io.netloop.tls.AcmeChallenge;
import io.netloop.tls.CertificateSource;
import io.netloop.tls.TlsOptions;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands at port 80 beside an HTTPS server. */
final class HttpsRedirect {
  private static final String CHALLENGES = "/.well-known/acme-challenge/";

  /** A token is base64url (RFC 8555 §8.3). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,256}");

  /** A host's name or address, and a port, which is left behind (RFC 9110 §7.2). */
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{0,5})?");

  private static final Pattern WHOLE = Pattern.compile("(?i:http)://([^/?#]*)([/?].*)?");

  private final Supplier<List<CertificateSource>> sources;
  private final String port;

  private HttpsRedirect(Supplier<List<CertificateSource>> sources, int port) {
    this.sources = sources;
    this.port = port == 443 ? "" : ":" + port;
  }

  /** To a server with these options, for good. */
  static HttpServer server(TlsOptions tls, int port) {
    return new HttpsRedirect(tls::sources, port).server();
  }

  /** To this server, whatever certificates it is given later. */
  static HttpServer server(HttpServer secure, int port) {
    HttpsRedirect redirect = new HttpsRedirect(secure::certificateSources, port);
    HttpServer server = redirect.server();
    secure.onNewSources(() -> {
      if (server.listening()) {
        redirect.tellListening();
      }
    });
    return server;
  }

  private HttpServer server() {
    HttpServer server = new HttpServer(HttpServerOptions.defaults(), null);
    server.onRequest(this::answer);
    server.onListening(this::tellListening);
    return server;
  }

  private void tellListening() {
    sources.get().forEach(each -> each.listening(AcmeChallenge.HTTP_01));
  }

  private void answer(HttpRequest request, HttpResponse response) {
    String host = request.header("host");
    String target = request.url();
    Matcher whole = WHOLE.matcher(target);
    if (whole.matches()) { // As proxies ask; it says more than the field does (RFC 9112 §3.2.2).
      host = whole.group(1);
      String rest = target.substring(whole.end(1));
      target = rest.startsWith("/") ? rest : "/" + rest;
    }
    if (target.startsWith(CHALLENGES)) {
      prove(target.substring(CHALLENGES.length()), response);
    } else {
      send(host, request.method(), target, response);
    }
  }

  private void prove(String token, HttpResponse response) {
    String proof = TOKEN.matcher(token).matches() ? proof(token) : null;
    if (proof == null) {
      refuse(response, 404, "No ACME authority has asked for this.\n");
    } else {
      response.setHeader("Content-Type", "application/octet-stream");
      response.end(proof);
    }
  }

  private @Nullable String proof(String token) {
    for (CertificateSource source : sources.get()) {
      String proof = source.answer(token);
      if (proof != null) {
        return proof;
      }
    }
    return null;
  }

  private void send(@Nullable String host, String method, String target, HttpResponse response) {
    var known = HOST.matcher(host == null ? "" : host);
    if (!known.matches() || !target.startsWith("/")) {
      refuse(response, 400, "This port only sends on to HTTPS, and the request names no host.\n");
      return;
    }
    // 301 lets clients make a GET of a POST (RFC 9110 §15.4.2).
    boolean reads = method.equals("GET") || method.equals("HEAD");
    response.statusCode(reads ? 301 : 308);
    response.setHeader("Location", "https://" + known.group(1) + port + target);
    response.setHeader("Content-Length", "0");
    response.end();
  }

  private static void refuse(HttpResponse response, int status, String words) {
    response.statusCode(status);
    response.setHeader("Content-Type", "text/plain");
    response.end(words);
  }
}
