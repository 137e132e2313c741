package io.netloop.acme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.netloop.engine.OwnerFiles;
import io.netloop.loop.NetException;
import io.netloop.tls.AcmeOptions;
import io.netloop.tls.KeyAndChain;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to outlive the program, in a folder for each authority: the account's key, and for each
 * certificate one file with its chain and its key, so that both are replaced in one step. All is
 * readable by the owner only. Blocks.
 */
final class AcmeStore {
  private static final Logger LOG = LoggerFactory.getLogger(AcmeStore.class);

  /** So much of a digest tells the sets of names apart that one program has. */
  private static final int DIGEST_BYTES = 8;

  private final Path folder;
  private final Path account;
  private final Path certificate;
  private final List<String> names;

  private AcmeStore(Path folder, List<String> names) {
    this.folder = folder;
    this.account = folder.resolve("account.key");
    this.certificate = folder.resolve(title(names) + ".pem");
    this.names = names;
  }

  /** One for each set of names, whatever their order: several certificates may begin with one. */
  private static String title(List<String> names) {
    String first = names.stream().sorted().findFirst().orElseThrow().replace("*", "_");
    if (names.size() == 1) {
      return first;
    }
    byte[] all = names.stream().sorted().collect(joining("\n")).getBytes(UTF_8);
    return first + "-" + HexFormat.of().formatHex(sha256(all), 0, DIGEST_BYTES);
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("This Java has no SHA-256.", impossible);
    }
  }

  static AcmeStore open(AcmeOptions options) throws IOException {
    int port = options.directory().getPort();
    String authority = options.directory().getHost() + (port < 0 ? "" : "-" + port);
    Path folder = options.folder().resolve(authority);
    OwnerFiles.directory(options.folder());
    OwnerFiles.directory(folder);
    return new AcmeStore(folder, options.names());
  }

  /**
   * The account's key, made where there is none: once, whoever else begins at the same time. Its
   * public half stands beside it, because PKCS#8 leaves that out.
   */
  KeyPair accountKey() throws IOException {
    return OwnerFiles.alone(folder, this::keptKey);
  }

  private KeyPair keptKey() throws IOException {
    if (!Files.exists(account)) {
      KeyPair made = Keys.create();
      OwnerFiles.writeSecret(account, text(made).getBytes(UTF_8));
      return made;
    }
    try (PEMParser in = new PEMParser(Files.newBufferedReader(account))) {
      JcaPEMKeyConverter keys = new JcaPEMKeyConverter();
      if (in.readObject() instanceof PrivateKeyInfo secret
          && in.readObject() instanceof SubjectPublicKeyInfo open) {
        return new KeyPair(keys.getPublicKey(open), keys.getPrivateKey(secret));
      }
    }
    throw new IOException("there are not both halves of the account's key in " + account);
  }

  private static String text(KeyPair pair) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter out = new PemWriter(text)) {
      out.writeObject(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()));
      out.writeObject(new PemObject("PUBLIC KEY", pair.getPublic().getEncoded()));
    }
    return text.toString();
  }

  /** Where the certificate is, once there is one. */
  Path certificate() {
    return certificate;
  }

  /** The certificate kept from earlier, or null where there is none that can be used. */
  @Nullable KeyAndChain read(Instant now) {
    if (!Files.exists(certificate)) {
      return null;
    }
    try {
      KeyAndChain kept = KeyAndChain.read(certificate, certificate);
      return isFor(names, kept) && now.isBefore(kept.notAfter()) ? kept : null;
    } catch (NetException damaged) {
      LOG.warn(
          "The certificate that was kept can't be used, and another is obtained. {}",
          damaged.getMessage());
      return null;
    }
  }

  private static boolean isFor(List<String> names, KeyAndChain pair) {
    return Set.copyOf(names).equals(Set.copyOf(pair.names()));
  }

  void write(KeyAndChain pair) throws IOException {
    OwnerFiles.writeSecret(certificate, (pair.chainPem() + pair.keyPem()).getBytes(UTF_8));
  }
}
