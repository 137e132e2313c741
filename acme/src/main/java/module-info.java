/** Certificates that are obtained and renewed by themselves. */
module io.netloop.acme {
  requires transitive io.netloop;
  requires java.net.http;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.shredzone.acme4j;
  requires org.slf4j;
  requires static org.jspecify;

  provides io.netloop.tls.AcmeService with
      io.netloop.acme.AcmeIssuer;

  exports io.netloop.acme;
}
