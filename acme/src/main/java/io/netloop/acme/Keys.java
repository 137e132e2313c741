package io.netloop.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** New keys, on the curve P-256, which all authorities and clients know. */
final class Keys {
  private Keys() {}

  /** By the JDK: acme4j's own way needs a provider that is registered for the whole program. */
  static KeyPair create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This Java has no keys on the curve P-256.", impossible);
    }
  }
}
