/** The chat room. */
module io.netloop.chat {
  requires transitive io.netloop;
  requires org.slf4j;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports io.netloop.chat;
}
