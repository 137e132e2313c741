/** The chat room. */
// Micrometer has no modules of its own yet, only names for them.
@SuppressWarnings("requires-automatic")
module io.netloop.chat {
  requires transitive io.netloop;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires org.slf4j;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports io.netloop.chat;
}
