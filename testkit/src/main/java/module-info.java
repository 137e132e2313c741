/** A network with faults, and a check that nothing is left open: for tests. */
module io.netloop.testkit {
  requires transitive io.netloop;
  requires static transitive org.junit.jupiter.api;
  requires static org.apiguardian.api;
  requires static org.jspecify;

  exports io.netloop.testkit;
}
