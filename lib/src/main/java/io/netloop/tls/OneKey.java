package io.netloop.tls;

import io.netloop.loop.NetException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one key of these options, which is shown to whoever asks: a server that names the authorities
 * it likes is shown another's certificate too, as Node does, so that it can say what is wrong.
 */
final class OneKey extends X509ExtendedKeyManager {
  private static final char[] NO_PASSWORD = {};

  /** Says whether the key is of the kind that is asked for. */
  private final X509ExtendedKeyManager keys;

  private final KeyAndChain pair;

  private OneKey(X509ExtendedKeyManager keys, KeyAndChain pair) {
    this.keys = keys;
    this.pair = pair;
  }

  static OneKey of(KeyAndChain pair) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key", pair.key(), NO_PASSWORD, pair.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, NO_PASSWORD);
      return new OneKey((X509ExtendedKeyManager) factory.getKeyManagers()[0], pair);
    } catch (GeneralSecurityException | IOException unusable) {
      throw new NetException(
          "ERR_TLS_INVALID_CONTEXT", "The key can't be used: " + unusable.getMessage(), unusable);
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return keys.chooseEngineServerAlias(type, null, engine);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
    return keys.chooseEngineClientAlias(types, null, engine);
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return keys.getClientAliases(type, null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return keys.chooseClientAlias(types, null, socket);
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return keys.getServerAliases(type, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return keys.chooseServerAlias(type, null, socket);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return pair.chain().toArray(new X509Certificate[0]);
  }

  /** Not asked of the store, which would decrypt it for each handshake: 3 ms. */
  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return pair.key();
  }
}
