/**
 * Node's way of writing network programs, for Java: an event loop, and on it TCP, UDP, HTTP and
 * WebSocket.
 */
// Those are built later, and Pebble and Pug have no modules of their own, only names for them.
@SuppressWarnings({"module", "requires-automatic"})
module io.netloop {
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.tcnative.classes.openssl;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.io_uring;
  requires io.netty.transport.classes.kqueue;
  requires io.netty.transport.unix.common;
  requires java.naming;
  requires jdk.net;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  requires tools.jackson.databind;
  requires static com.aayushatharva.brotli4j;
  requires static com.github.jknack.handlebars;
  requires static com.github.luben.zstd_jni;
  requires static de.neuland.pug4j;
  requires static io.pebbletemplates;
  requires static transitive org.jspecify;

  uses io.netloop.tls.AcmeService;

  exports io.netloop.dgram;
  exports io.netloop.http;
  exports io.netloop.loop;
  exports io.netloop.net;
  exports io.netloop.template;
  exports io.netloop.tls;
  exports io.netloop.web;
  exports io.netloop.ws;
  exports io.netloop.engine to
      io.netloop.acme,
      io.netloop.testkit;
}
