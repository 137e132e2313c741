package io.netloop.cli;

import java.nio.file.Path;
import java.util.List;

/** How one has programs trust the local authority. Nothing of it is done without being asked. */
final class TrustAdvice {
  private TrustAdvice() {}

  /**
   * The commands for each system and program.
   *
   * @param certificate the authority's, an absolute path
   */
  static List<String> lines(Path certificate) {
    String file = quoted(certificate.toString());
    return """

    To have programs of this machine trust the local authority:

      Debian, Ubuntu   sudo cp %1$s /usr/local/share/ca-certificates/netloop.crt
                       sudo update-ca-certificates
      Fedora, RHEL     sudo trust anchor %1$s
      macOS            sudo security add-trusted-cert -d -r trustRoot \\
                         -k /Library/Keychains/System.keychain %1$s
      Windows          certutil -addstore -user Root %1$s
      Chromium, Chrome certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n netloop -i %1$s
        on Linux       (Debian: apt-get install libnss3-tools)
      Firefox          Settings, Privacy & Security, View Certificates, Authorities, Import;
                       or set security.enterprise_roots.enabled in about:config
      Java             keytool -importcert -noprompt -cacerts -storepass changeit \\
                         -alias netloop -file %1$s
      Node             export NODE_EXTRA_CA_CERTS=%1$s
      curl             curl --cacert %1$s https://localhost:8443/
      ./netloop join   trusts it by itself

    What trusts it trusts whoever has authority.key beside it: do not copy that key, and take
    the trust back when you no longer need it.\
    """
        .formatted(file)
        .lines()
        .toList();
  }

  /** As a shell takes it. */
  private static String quoted(String path) {
    return path.matches("[A-Za-z0-9/._:\\\\-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
