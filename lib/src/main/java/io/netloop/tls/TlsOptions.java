package io.netloop.tls;

import io.netloop.loop.NetException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and rules of TLS: of a server, made by {@link #pem} and its like, or of a client,
 * made by {@link #client}. Everything is checked when it is made, and not at the first connection.
 * <i>Immutable.</i>
 *
 * <p>Clients resume sessions, and agents keep connections, among requests with the same object:
 * make one and keep it.
 *
 * <pre>{@code
 * var tls = TlsOptions.pem(Path.of("server.pem"), Path.of("server.key"));
 * Https.createServer(tls, (request, response) -> response.end("secret\n")).listen(8443);
 * }</pre>
 *
 * @see <a href="https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions">Node:
 *     tls.createSecureContext</a>
 */
public final class TlsOptions {
  /**
   * The ciphers where nothing else is said: of TLS 1.3 all three, of TLS 1.2 those with forward
   * secrecy and authenticated encryption (RFC 9325 §4.2). In TLS 1.3 BoringSSL chooses by what the
   * processors are good at.
   */
  public static final List<String> DEFAULT_CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** How many sessions a client keeps to resume. */
  static final int MOST_SESSIONS = 100;

  private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

  /** Chooses what is spoken above TLS. */
  public interface AlpnCallback {
    /**
     * Chooses one of those that the client offers, or refuses all with null. On the loop. At most
     * 16 different ones are spoken: it must not choose whatever the client says.
     *
     * @param servername the name that the client has asked for, or null
     */
    @Nullable String choose(@Nullable String servername, List<String> offered);
  }

  /** Checks whom a server's certificate is for. */
  public interface IdentityCheck {
    /** What is wrong, or null. On the loop. */
    @Nullable NetException check(String host, X509Certificate certificate);
  }

  private static final class Defaults {
    static final TlsOptions CLIENT = new Draft().done();
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Draft values;
  private final long number = NUMBERS.incrementAndGet();
  private final TlsProvider chosen;
  private final List<String> versions;
  private final PeerCheck peerCheck;

  /** What connects with these options, made when it is first needed. */
  private @Nullable ClientContext clientContext;

  private TlsOptions(Draft draft) {
    values = draft;
    chosen = draft.provider == null ? TlsProvider.chosen() : draft.provider.checked();
    versions = versions(draft.minVersion, draft.maxVersion);
    peerCheck = new PeerCheck(this);
  }

  private static List<String> versions(String least, String most) {
    int from = VERSIONS.indexOf(least);
    int to = VERSIONS.indexOf(most);
    if (from > to) {
      throw new NetException(
          "ERR_TLS_INVALID_PROTOCOL_VERSION",
          "minVersion " + least + " is higher than maxVersion " + most + ".");
    }
    return VERSIONS.subList(from, to + 1);
  }

  private static String checkedVersion(String version, String which) {
    if (!VERSIONS.contains(version)) {
      throw new NetException(
          "ERR_TLS_INVALID_PROTOCOL_VERSION",
          "\"%s\" is not a valid %s TLS protocol version: it must be TLSv1.2 or TLSv1.3, since older ones are broken (RFC 8996)."
              .formatted(version, which));
    }
    return version;
  }

  // Begin

  /** For clients, and without a certificate: the authorities that the JDK knows are trusted. */
  public static TlsOptions client() {
    return Defaults.CLIENT;
  }

  /**
   * A certificate from PEM files, as authorities hand them out: the server's own certificate first,
   * then those of its issuers. The key may be in PKCS#8, PKCS#1 or SEC1 form. The files are
   * watched: within two seconds of a change new connections have the new certificate, and where it
   * can't be used, the old one goes on, and the log says why.
   *
   * @throws NetException with a sentence that names the file and what is wrong with it; see {@link
   *     KeyAndChain#read(Path, Path)}
   */
  public static TlsOptions pem(Path certificate, Path key) {
    return of(CertificateFiles.pem(certificate, key, null));
  }

  /** As {@link #pem(Path, Path)}, with an encrypted key. */
  public static TlsOptions pem(Path certificate, Path key, String passphrase) {
    return of(CertificateFiles.pem(certificate, key, passphrase));
  }

  /**
   * A certificate and its key from one PKCS#12 file, which is watched as those of {@link #pem} are.
   *
   * @throws NetException as {@link KeyAndChain#readPfx}
   */
  public static TlsOptions pfx(Path file, @Nullable String passphrase) {
    return of(CertificateFiles.pfx(file, passphrase));
  }

  /**
   * A certificate from PEM texts; see {@link KeyAndChain#of(String, String, String)}.
   *
   * @throws NetException as {@link #pem(Path, Path)}
   */
  public static TlsOptions pem(String certificate, String key) {
    return of(KeyAndChain.of(certificate, key, null));
  }

  /**
   * For development: a certificate for these names and addresses, signed by this user's {@linkplain
   * LocalAuthority local authority}, which is made where there is none. Who trusts that, as {@code
   * ./netloop cert} shows, gets no warnings.
   *
   * @param names host names and IP addresses, for example {@code localhost}
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for what is no name
   */
  public static TlsOptions selfSigned(String... names) {
    return of(LocalCertificates.in(LocalAuthority.defaultFolder(), List.of(names)));
  }

  /**
   * A certificate from Let's Encrypt that is obtained and renewed by itself, for a server that
   * listens at port 443 of that name. It needs the artifact {@code io.netloop:netloop-acme}. To use
   * it is to agree to the authority's terms of service.
   *
   * @param host the server's public name
   * @param email where the authority may write to
   * @throws NetException as {@link #acme(AcmeOptions)}
   */
  public static TlsOptions acme(String host, String email) {
    return acme(AcmeOptions.of(host).withEmail(email));
  }

  /**
   * A certificate that is obtained and renewed by itself.
   *
   * @throws NetException {@code ERR_ACME_MISSING} without the artifact {@code
   *     io.netloop:netloop-acme}, {@code ERR_INVALID_ARG_VALUE} for a challenge that the names
   *     can't be proved with, or for authorities to trust that can't be read, {@code EIO} where the
   *     folder can't be written
   */
  public static TlsOptions acme(AcmeOptions options) {
    return of(AcmeService.source(options));
  }

  /** A certificate that a program has got by itself. */
  public static TlsOptions of(KeyAndChain pair) {
    return of(CertificateSource.of(pair));
  }

  /** Certificates from a source that may change them. */
  public static TlsOptions of(CertificateSource source) {
    return client().withCertificates(source);
  }

  /** These rules, with the certificates of others, and whom they trust if they say so. */
  TlsOptions with(TlsOptions special) {
    Draft draft = draft();
    draft.certificates = special.values.certificates;
    if (special.values.ca != null) {
      draft.ca = special.values.ca;
      draft.crl = special.values.crl;
    }
    draft.contexts = Map.of();
    draft.sniCallback = null;
    return draft.done();
  }

  private Draft draft() {
    return new Draft(values);
  }

  // Changes

  /** A certificate to show: a client's, where servers ask for one. */
  public TlsOptions withCertificates(@Nullable CertificateSource source) {
    Draft draft = draft();
    draft.certificates = source;
    return draft.done();
  }

  /** Trusts these authorities, and those alone: for a server's clients, or a client's servers. */
  public TlsOptions withCa(List<X509Certificate> authorities) {
    Draft draft = draft();
    draft.ca = List.copyOf(authorities);
    return draft.done();
  }

  /**
   * As {@link #withCa(List)}, with what stands in a PEM file.
   *
   * @throws NetException as {@link #pem(Path, Path)}
   */
  public TlsOptions withCa(Path pem) {
    return withCa(ChainReader.read(CertificateBytes.text(pem, "certificate"), pem.toString()));
  }

  /**
   * Refuses certificates that stand in one of these lists (RFC 5280 §5). Then each authority must
   * have one: {@code UNABLE_TO_GET_CRL} otherwise.
   */
  public TlsOptions withCrl(List<X509CRL> lists) {
    Draft draft = draft();
    draft.crl = List.copyOf(lists);
    return draft.done();
  }

  /** Has a server ask its clients for a certificate; false by default. */
  public TlsOptions withRequestCert(boolean on) {
    Draft draft = draft();
    draft.requestCert = on;
    return draft.done();
  }

  /**
   * Refuses peers whose certificate is not right; true by default. With false {@code
   * socket.authorizationError()} says what is wrong, and <b>anybody in between can read and change
   * everything</b>: for tests, or where the program checks by itself.
   */
  public TlsOptions withRejectUnauthorized(boolean on) {
    Draft draft = draft();
    draft.rejectUnauthorized = on;
    return draft.done();
  }

  /**
   * The lowest version: {@code TLSv1.2}, as by default, or {@code TLSv1.3}.
   *
   * @throws NetException {@code ERR_TLS_INVALID_PROTOCOL_VERSION}
   */
  public TlsOptions withMinVersion(String version) {
    Draft draft = draft();
    draft.minVersion = checkedVersion(version, "minimum");
    return draft.done();
  }

  /** The highest version; {@code TLSv1.3} by default. */
  public TlsOptions withMaxVersion(String version) {
    Draft draft = draft();
    draft.maxVersion = checkedVersion(version, "maximum");
    return draft.done();
  }

  /**
   * The ciphers, the best first, by OpenSSL's names or those of the standards, with colons between
   * them; see {@link #DEFAULT_CIPHERS}.
   *
   * @throws NetException {@code ERR_SSL_NO_CIPHER_MATCH} for an empty list; for unknown ones when a
   *     server or a connection is made
   */
  public TlsOptions withCiphers(String names) {
    List<String> list = new ArrayList<>();
    for (String name : names.split(":", -1)) {
      if (!name.isBlank()) {
        list.add(name.strip());
      }
    }
    if (list.isEmpty()) {
      throw new NetException(
          "ERR_SSL_NO_CIPHER_MATCH", "The list of ciphers '" + names + "' is empty.");
    }
    Draft draft = draft();
    draft.ciphers = List.copyOf(list);
    return draft.done();
  }

  /** The groups for key exchange, the best first, for example {@code x25519}, {@code secp256r1}. */
  public TlsOptions withGroups(String... names) {
    Draft draft = draft();
    draft.groups = List.of(names);
    return draft.done();
  }

  /** What is spoken above TLS, the best first (RFC 7301); nothing is said by default. */
  public TlsOptions withAlpnProtocols(String... protocols) {
    for (String protocol : protocols) {
      if (protocol.isEmpty() || protocol.length() > 255) {
        throw new NetException(
            "ERR_OUT_OF_RANGE",
            "The name of a protocol has 1 to 255 bytes, not " + protocol.length() + ".");
      }
    }
    Draft draft = draft();
    draft.alpnProtocols = List.of(protocols);
    return draft.done();
  }

  /** Has a server choose the protocol above TLS itself, in place of its list. */
  public TlsOptions withAlpnCallback(@Nullable AlpnCallback callback) {
    Draft draft = draft();
    draft.alpnCallback = callback;
    return draft.done();
  }

  /**
   * Chooses the certificates for the name that a client asks for, as {@link #withContext} does and
   * before it; null leaves it to that and the default. On the loop, and so without waiting; it
   * should give the same object for the same name, since each has engines and sessions of its own.
   */
  public TlsOptions withSniCallback(@Nullable Function<String, @Nullable TlsOptions> callback) {
    Draft draft = draft();
    draft.sniCallback = callback;
    return draft.done();
  }

  /**
   * The certificates for clients that ask for this name, and who is trusted there: nothing else is
   * taken of those options. A {@code *} as the first label stands for any one label; the latest
   * that fits wins.
   */
  public TlsOptions withContext(String servername, TlsOptions options) {
    Map<String, TlsOptions> all = new LinkedHashMap<>(values.contexts);
    all.remove(servername);
    all.put(servername, options);
    Draft draft = draft();
    draft.contexts = all;
    return draft.done();
  }

  /** The name that a client asks for and expects in the certificate, in place of the host's. */
  public TlsOptions withServername(@Nullable String name) {
    Draft draft = draft();
    draft.servername = name;
    return draft.done();
  }

  /** Has a client check whom a certificate is for in its own way. */
  public TlsOptions withCheckServerIdentity(IdentityCheck check) {
    Draft draft = draft();
    draft.identityCheck = check;
    return draft.done();
  }

  /**
   * How long a handshake may take, from the connection on; 120 s by default.
   *
   * @throws NetException {@code ERR_OUT_OF_RANGE} for what is not positive
   */
  public TlsOptions withHandshakeTimeout(Duration time) {
    Draft draft = draft();
    draft.handshakeTimeout = positive("handshakeTimeout", time);
    return draft.done();
  }

  /**
   * For how long a session can be resumed; 300 s by default. With BoringSSL a ticket may be taken
   * for up to twice that, and with {@link #withTicketKeys} as long as these stay; in TLS 1.3 who
   * comes back in time gets another, for up to 7 days in all. A server looks at the client's
   * certificate again each time.
   */
  public TlsOptions withSessionTimeout(Duration time) {
    Draft draft = draft();
    draft.sessionTimeout = positive("sessionTimeout", time);
    return draft.done();
  }

  private static Duration positive(String name, Duration time) {
    if (time.isNegative() || time.isZero() || time.toDays() > 24) {
      throw new NetException(
          "ERR_OUT_OF_RANGE", name + " must be more than 0 and at most 24 days, not " + time + ".");
    }
    return time;
  }

  /**
   * The keys of session tickets, for servers that resume each other's sessions. Null, the default,
   * has a server make its own, and new ones after each session time; those of workers with the same
   * certificate are the same. The provider jdk always makes its own.
   *
   * @param keys 48 random bytes
   * @throws NetException {@code ERR_OUT_OF_RANGE} for another number of bytes
   */
  public TlsOptions withTicketKeys(byte @Nullable [] keys) {
    if (keys != null && keys.length != TicketKeys.BYTES) {
      throw new NetException(
          "ERR_OUT_OF_RANGE",
          "Session ticket keys must be a 48-byte buffer, not " + keys.length + ".");
    }
    Draft draft = draft();
    draft.ticketKeys = keys == null ? null : keys.clone();
    return draft.done();
  }

  /**
   * Appends the secrets of all sessions to a file, by which Wireshark reads what was captured of
   * them: who has the file, reads everything. It is for looking for mistakes: each handshake writes
   * on its loop, and waits for the disk. The provider openssl only.
   */
  public TlsOptions withKeyLog(Path file) {
    Draft draft = draft();
    draft.keyLog = KeyLog.to(file);
    return draft.done();
  }

  /**
   * Who does the cryptography; the program's provider by default.
   *
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for one that does not load
   */
  public TlsOptions withProvider(TlsProvider provider) {
    Draft draft = draft();
    draft.provider = provider;
    return draft.done();
  }

  // What can be asked

  /** Where key and certificates come from; null where there are none. */
  public @Nullable CertificateSource certificates() {
    return values.certificates;
  }

  /** Where any of them come from: the own source, and those of the contexts. */
  public List<CertificateSource> sources() {
    Set<CertificateSource> all = new LinkedHashSet<>();
    if (values.certificates != null) {
      all.add(values.certificates);
    }
    values.contexts.values().forEach(special -> all.addAll(special.sources()));
    return List.copyOf(all);
  }

  /** What is spoken above TLS, the best first. */
  public List<String> alpnProtocols() {
    return values.alpnProtocols;
  }

  /** Whether peers are refused whose certificate is not right. */
  public boolean rejectUnauthorized() {
    return values.rejectUnauthorized;
  }

  /** Whether a server asks its clients for a certificate. */
  public boolean requestCert() {
    return values.requestCert;
  }

  /** How long a handshake may take. */
  public Duration handshakeTimeout() {
    return values.handshakeTimeout;
  }

  /** For how long a session can be resumed. */
  public Duration sessionTimeout() {
    return values.sessionTimeout;
  }

  /** The name that a client asks for in place of the host's, or null. */
  public @Nullable String servername() {
    return values.servername;
  }

  /** Who does the cryptography. */
  public TlsProvider provider() {
    return chosen;
  }

  @Nullable List<X509Certificate> ca() {
    return values.ca;
  }

  List<X509CRL> crl() {
    return values.crl;
  }

  List<String> ciphers() {
    return values.ciphers;
  }

  List<String> groups() {
    return values.groups;
  }

  List<String> versions() {
    return versions;
  }

  @Nullable AlpnCallback alpnCallback() {
    return values.alpnCallback;
  }

  @Nullable Function<String, @Nullable TlsOptions> sniCallback() {
    return values.sniCallback;
  }

  Map<String, TlsOptions> contexts() {
    return values.contexts;
  }

  byte @Nullable [] ticketKeys() {
    return values.ticketKeys;
  }

  @Nullable KeyLog keyLog() {
    return values.keyLog;
  }

  PeerCheck peerCheck() {
    return peerCheck;
  }

  @Nullable NetException checkServerIdentity(String host, X509Certificate certificate) {
    return values.identityCheck.check(host, certificate);
  }

  /** What connects with these options. Any thread. */
  synchronized ClientContext clientContext() {
    if (clientContext == null) {
      clientContext = new ClientContext(this);
    }
    return clientContext;
  }

  /** A name that no other options of this program have: agents tell connections apart by it. */
  @Override
  public String toString() {
    return "TlsOptions-" + number;
  }

  /** All values, open to a change until it is done. */
  private static final class Draft {
    private @Nullable CertificateSource certificates;
    private @Nullable List<X509Certificate> ca;
    private List<X509CRL> crl;
    private boolean requestCert;
    private boolean rejectUnauthorized;
    private String minVersion;
    private String maxVersion;
    private List<String> ciphers;
    private List<String> groups;
    private List<String> alpnProtocols;
    private @Nullable AlpnCallback alpnCallback;
    private @Nullable Function<String, @Nullable TlsOptions> sniCallback;
    private Map<String, TlsOptions> contexts;
    private @Nullable String servername;
    private IdentityCheck identityCheck;
    private Duration handshakeTimeout;
    private Duration sessionTimeout;
    private byte @Nullable [] ticketKeys;
    private @Nullable KeyLog keyLog;
    private @Nullable TlsProvider provider;

    Draft() {
      crl = List.of();
      rejectUnauthorized = true;
      minVersion = "TLSv1.2";
      maxVersion = "TLSv1.3";
      ciphers = DEFAULT_CIPHERS;
      groups = List.of();
      alpnProtocols = List.of();
      contexts = Map.of();
      identityCheck = HostCheck::check;
      handshakeTimeout = Duration.ofMinutes(2);
      sessionTimeout = Duration.ofMinutes(5);
    }

    Draft(Draft from) {
      certificates = from.certificates;
      ca = from.ca;
      crl = from.crl;
      requestCert = from.requestCert;
      rejectUnauthorized = from.rejectUnauthorized;
      minVersion = from.minVersion;
      maxVersion = from.maxVersion;
      ciphers = from.ciphers;
      groups = from.groups;
      alpnProtocols = from.alpnProtocols;
      alpnCallback = from.alpnCallback;
      sniCallback = from.sniCallback;
      contexts = from.contexts;
      servername = from.servername;
      identityCheck = from.identityCheck;
      handshakeTimeout = from.handshakeTimeout;
      sessionTimeout = from.sessionTimeout;
      ticketKeys = from.ticketKeys;
      keyLog = from.keyLog;
      provider = from.provider;
    }

    TlsOptions done() {
      return new TlsOptions(this);
    }
  }
}
