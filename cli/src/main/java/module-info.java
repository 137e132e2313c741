/** What the launcher starts. */
module io.netloop.cli {
  requires info.picocli;
  requires io.netloop;
  requires io.netloop.chat;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires static org.jspecify;
}
