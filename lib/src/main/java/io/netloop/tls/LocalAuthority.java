package io.netloop.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netloop.engine.Clock;
import io.netloop.engine.OwnerFiles;
import io.netloop.loop.NetException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority of this machine's own, for development: whoever trusts its certificate trusts all
 * that it signs. It is made once and kept in a folder of the user's, and its key is readable by the
 * user only: who has that key can pretend to be any server towards those who trust it.
 * <i>Immutable.</i>
 */
public final class LocalAuthority {
  private static final Duration LIFE = Duration.ofDays(3650);

  /** Longer than this Apple's systems trust no certificate of a server. */
  static final Duration SERVER_LIFE = Duration.ofDays(397);

  private final KeyAndChain own;

  private LocalAuthority(KeyAndChain own) {
    this.own = own;
  }

  /**
   * The folder where the authority is kept unless another is named: {@code netloop/authority} in
   * the user's folder for settings.
   */
  public static Path defaultFolder() {
    return OwnerFiles.configFolder().resolve("authority");
  }

  /**
   * Opens the authority of a folder, and makes it where there is none: {@code authority.pem} is to
   * be trusted, {@code authority.key} to be kept. Blocks.
   *
   * @throws NetException {@code EACCES} and others where the folder can't be read or written, or
   *     others than the user can read the key, and as {@link KeyAndChain#read(Path, Path)} where
   *     its files are damaged
   */
  public static LocalAuthority in(Path folder) {
    Path certificate = certificateIn(folder);
    Path key = folder.resolve("authority.key");
    if (!Files.exists(certificate)) {
      makeOnce(folder, certificate, key);
    }
    KeyAndChain own = KeyAndChain.read(certificate, key).holdsAt(now(), certificate.toString());
    checkRights(key);
    return new LocalAuthority(own);
  }

  private static void makeOnce(Path folder, Path certificate, Path key) {
    try {
      OwnerFiles.directory(folder);
      OwnerFiles.alone(
          folder,
          () -> {
            if (!Files.exists(certificate) && !Files.exists(key)) {
              KeyAndChain made = make();
              OwnerFiles.writeSecret(key, made.keyPem().getBytes(UTF_8));
              // Last, because others take its being there for being done.
              OwnerFiles.writePublic(certificate, made.chainPem().getBytes(UTF_8));
            }
            return certificate;
          });
    } catch (IOException failure) {
      throw new NetException(
          failure instanceof AccessDeniedException ? "EACCES" : "EIO",
          "The local authority can't be kept in " + folder + ": " + failure + ".",
          failure);
    }
  }

  private static void checkRights(Path key) {
    try {
      if (OwnerFiles.isOpenToOthers(key)) {
        throw new NetException(
            "EACCES",
            "The local authority's key "
                + key
                + " can be read by others, who could then pretend to be any server: chmod 600 "
                + key
                + " if nobody has, or delete its folder and make another authority.");
      }
    } catch (IOException failure) {
      throw new NetException(
          "EIO", "The rights of " + key + " can't be read: " + failure + ".", failure);
    }
  }

  /** An authority that is forgotten when the program ends. */
  public static LocalAuthority inMemory() {
    return new LocalAuthority(make());
  }

  /** The file that is to be trusted, in the folder of an authority. */
  public static Path certificateIn(Path folder) {
    return folder.resolve("authority.pem");
  }

  /**
   * Whether a certificate says that it is from such an authority, of this machine or another: few
   * trust it, and not for good.
   */
  public static boolean hasIssued(X509Certificate certificate) {
    return CertificateMaker.isLocal(certificate);
  }

  private static KeyAndChain make() {
    KeyPair pair = CertificateMaker.newKey();
    String title = "Netloop local authority of " + System.getProperty("user.name", "somebody");
    X509Certificate certificate = CertificateMaker.authority(pair, title, now(), LIFE);
    return KeyAndChain.of(pair.getPrivate(), List.of(certificate));
  }

  /** What clients have to trust. */
  public X509Certificate certificate() {
    return own.certificate();
  }

  /** The same as a PEM text. */
  public String certificatePem() {
    return own.chainPem();
  }

  /**
   * Makes a key, and signs a certificate for it that holds for 397 days.
   *
   * @param names host names, also with a {@code *} as the first label, and IP addresses; 1 to 100
   * @throws NetException {@code ERR_INVALID_ARG_VALUE} for what is no name
   */
  public KeyAndChain issue(List<String> names) {
    return issue(names, now(), SERVER_LIFE);
  }

  /** As {@link #issue(List)}, for any time: tests need certificates that have expired. */
  KeyAndChain issue(List<String> names, Instant from, Duration life) {
    KeyPair pair = CertificateMaker.newKey();
    X509Certificate certificate =
        CertificateMaker.server(
            pair.getPublic(), ServerNames.of(names), own.certificate(), own.key(), from, life);
    return KeyAndChain.of(pair.getPrivate(), List.of(certificate));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Clock.SYSTEM.epochMillis());
  }
}
