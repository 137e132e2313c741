/** What the launcher starts. */
module io.netloop.cli {
  requires info.picocli;
  requires io.netloop;
  requires io.netloop.chat;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires org.slf4j;
  requires tools.jackson.databind;
  requires static org.jspecify;

  opens io.netloop.cli to
      info.picocli;
}
