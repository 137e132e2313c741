package io.netloop.net;

import io.netloop.engine.Encryption;
import io.netloop.engine.Encryption.Facts;
import io.netloop.loop.CloseCause.By;
import io.netloop.loop.NetException;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What encrypts a socket's connections, if anything does: has the handshake made before anything is
 * read or written, and knows what it has agreed on. Loop-confined but for what can be asked.
 */
final class SecureSide implements Encryption.Owner {
  private final TcpSocket socket;

  /** Makes the encryption of each connection. */
  private @Nullable Supplier<Encryption> encryptions;

  private @Nullable Encryption encryption;
  private volatile boolean encrypted;
  private volatile @Nullable Facts facts;
  private boolean begun;
  private boolean truncated;

  SecureSide(TcpSocket socket) {
    this.socket = socket;
  }

  /** Each connection is to be encrypted. */
  void use(Supplier<Encryption> maker) {
    encryptions = maker;
    encrypted = true;
  }

  /** The connection is there: whether nothing may be written before it is encrypted. */
  boolean open() {
    encryption = encryptions == null ? null : encryptions.get();
    facts = null;
    begun = false;
    truncated = false;
    return encryption != null;
  }

  /** Begins the handshake, where there is one to be made. Returns whether there is. */
  boolean begin(DuplexChannel channel) {
    Encryption made = encryption;
    if (made == null || isSecured()) {
      return false;
    }
    if (begun) { // A 'connect' listener has asked for it.
      return true;
    }
    begun = true;
    channel.config().setAutoRead(true); // A listener that waits is no reason not to shake hands.
    made.begin(channel, this);
    return true;
  }

  /** A connection that is there is encrypted from now on. */
  void begin(Encryption now, DuplexChannel channel) {
    encrypted = true;
    encryption = now;
    begin(channel);
  }

  /** Whether the channel is the encryption's to close. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether a handshake has still to be made, or is under way. */
  boolean isPending() {
    return encryption != null && facts == null;
  }

  private boolean isSecured() {
    return facts != null;
  }

  /** What encrypts the connection, or null. */
  @Nullable Encryption encryption() {
    return encryption;
  }

  boolean isEncrypted() {
    return encrypted;
  }

  boolean isTruncated() {
    return truncated;
  }

  @Nullable Facts facts() {
    return facts;
  }

  // What the encryption says

  @Override
  public void secured(Facts agreed) {
    if (!socket.destroyed()) {
      facts = agreed;
      socket.secured();
    }
  }

  @Override
  public void encryptionFailed(RuntimeException failure) {
    NetException known = (NetException) failure;
    By by = known.code().equals("ERR_TLS_HANDSHAKE_TIMEOUT") ? By.US : By.PEER;
    socket.encryptionFailed(by, known, isPending());
  }

  @Override
  public void peerEnded(boolean cut) {
    truncated = cut;
    socket.peerEnded();
  }
}
