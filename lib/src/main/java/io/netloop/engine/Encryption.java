package io.netloop.engine;

import io.netty.channel.socket.DuplexChannel;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What encrypts one connection: it sits in the pipeline between the channel and its last stage, so
 * that above it everything is plain. The socket begins it when the connection is there, and writes
 * nothing before it says that it is {@link Owner#secured secured}. Loop-confined.
 */
public abstract class Encryption {
  /** The socket. All calls come on the loop, inside an entry. */
  public interface Owner {
    /** The handshake is done: bytes may go, and come. Told once at the most. */
    void secured(Facts facts);

    /**
     * The handshake has failed, or later the peer has sent what can't be decrypted; what there was
     * to say to the peer has been said.
     *
     * @param failure a {@code NetException}
     */
    void encryptionFailed(RuntimeException failure);

    /**
     * Nothing more will come.
     *
     * @param truncated whether only the connection ended, and the peer had not said so before
     */
    void peerEnded(boolean truncated);
  }

  /**
   * What a handshake has agreed on. <i>Immutable.</i>
   *
   * @param protocol for example {@code TLSv1.3}
   * @param cipher the name in RFC 8446 or IANA's list
   * @param servername the name that the client has asked for, or null
   * @param alpnProtocol the protocol agreed on above this one, or null
   * @param peerCertificates the peer's, its own first; empty where it has shown none
   * @param certificates ours, the same way
   * @param sessionReused whether it went on with an earlier session
   * @param authorizationError a {@code NetException} that says what is wrong with the peer's
   *     certificate; null where nothing is, or nobody was to look
   * @param authorized whether the peer's certificate was looked at and is right
   */
  public record Facts(
      String protocol,
      String cipher,
      @Nullable String servername,
      @Nullable String alpnProtocol,
      List<X509Certificate> peerCertificates,
      List<X509Certificate> certificates,
      boolean sessionReused,
      @Nullable RuntimeException authorizationError,
      boolean authorized) {}

  /** Begins the handshake. The channel is connected, and its last stage in its pipeline. */
  public abstract void begin(DuplexChannel channel, Owner owner);

  /**
   * Says to the peer that nothing more will come, inside the encryption and then below it.
   *
   * @param done called when that is with the system, or could not be said; on the loop
   */
  public abstract void end(Runnable done);

  /** Closes the channel at once: an end that was not said before is not said. */
  public abstract void close();

  /** What a failure of the channel means, as a {@code NetException}; null for the system's own. */
  public abstract @Nullable RuntimeException explain(Throwable failure);
}
