package io.netloop.tls;

/** Those of RFC 8446 §6 that are sent before there is an engine to send them. */
enum Alert {
  DECODE(50),
  PROTOCOL_VERSION(70),
  INTERNAL(80),
  NO_APPLICATION_PROTOCOL(120);

  private final int number;

  Alert(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
