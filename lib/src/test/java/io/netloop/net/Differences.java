package io.netloop.net;

import io.netloop.loop.NetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one table of where we differ from Node, and why. It is printed in docs/manual/net.md; {@link
 * SideBySideTest} holds that the manual says the same, that each row with programs still is as Node
 * is, and that nothing else differs.
 */
final class Differences {
  private static final String DESTROYED =
      "ERR_STREAM_DESTROYED [Cannot call write after a stream was destroyed]";
  private static final String BEFORE_CONNECTION =
      "ERR_SOCKET_CLOSED_BEFORE_CONNECTION [Socket closed before the connection was established]";
  private static final String REFUSED =
      "ECONNREFUSED [connect ECONNREFUSED 127.0.0.1:1] syscall=connect address=127.0.0.1 port=1"
          + " errno=-111";
  private static final String ATTEMPT_FAILED = "connectionAttemptFailed 127.0.0.1 1 4 " + REFUSED;

  /** The lines of one program that change, all of one socket or server, one after another. */
  private record Change(String program, String who, List<String> node, List<String> ours) {}

  /**
   * A row.
   *
   * @param what what it is about
   * @param node what Node 26 does
   * @param here what we do
   * @param why the reason
   * @param changes where the programs show it
   */
  record Row(String what, String node, String here, String why, List<Change> changes) {}

  private static final List<Row> ROWS =
      List.of(
          row(
              "`readyState` of a socket that never connected",
              "`open`",
              "`closed`",
              "it can be neither read nor written",
              change("state of a fresh socket", "A", "state open", "state closed")),
          row(
              "`localPort()`, `remotePort()` while not connected",
              "`undefined`",
              "`0`",
              "an `int` has no other word for it",
              change(
                  "ports of a socket that is not connected", "A", "ports none none", "ports 0 0")),
          row(
              "the peer's address after the end",
              "known still if it was asked for before",
              "never, but for `remote()`, which stays",
              "what one gets should not depend on what one asked",
              change(
                  "addresses of a connection",
                  "C",
                  "closed none none 127.0.0.1 PORT IPv4",
                  "closed none none none none none")),
          row(
              "`closed()` right after `destroy()`",
              "`true`",
              "`false` until 'close' is told",
              "so it is in Node's documentation",
              change(
                  "states when destroyed",
                  "C",
                  "after destroy() false true closed true true",
                  "after destroy() false true closed true false"),
              change(
                  "the client destroys with an error; the first one wins",
                  "C",
                  "errored ERR_ONE true",
                  "errored ERR_ONE false")),
          row(
              "'close' of a socket that never connected and failed",
              "tells `undefined`",
              "tells the error, as any 'close'",
              "each close event carries its cause",
              change(
                  "reset of a socket never connected, or closed",
                  "A",
                  "close undefined",
                  "close true"),
              change("write on a fresh socket", "A", "close undefined", "close true")),
          row(
              "callbacks of writes that are lost by `destroy()`",
              "`ECANCELED`; before connecting `ERR_SOCKET_CLOSED_BEFORE_CONNECTION`, after 'close'",
              "`ERR_STREAM_DESTROYED`, always before 'close'",
              "one code for one reason, and nothing after 'close'",
              change(
                  "destroy with writes queued for a slow peer",
                  "C",
                  List.of(
                      "a ECANCELED [write ECANCELED] syscall=write errno=-125",
                      "b ECANCELED [write ECANCELED] syscall=write errno=-125",
                      "end callback ECANCELED [write ECANCELED] syscall=write errno=-125"),
                  List.of("a " + DESTROYED, "b " + DESTROYED, "end callback " + DESTROYED)),
              change(
                  "destroy before connected, with writes queued",
                  "C",
                  List.of(
                      "close false",
                      "a " + BEFORE_CONNECTION,
                      "b " + BEFORE_CONNECTION,
                      "end callback " + BEFORE_CONNECTION),
                  List.of(
                      "a " + DESTROYED,
                      "b " + DESTROYED,
                      "end callback " + DESTROYED,
                      "close false"))),
          row(
              "callbacks of writes that are lost because connecting fails",
              "`ERR_SOCKET_CLOSED_BEFORE_CONNECTION`, after 'close'",
              "the error of connecting, before 'error'",
              "the callback is told why",
              change(
                  "a write is lost when connecting fails",
                  "C",
                  List.of(
                      "error " + REFUSED,
                      "close true",
                      "lost " + BEFORE_CONNECTION,
                      "end callback " + REFUSED),
                  List.of(
                      "lost " + REFUSED,
                      "end callback " + REFUSED,
                      "error " + REFUSED,
                      "close true"))),
          row(
              "the callback of `end` after `destroy()`",
              "never called",
              "gets `ERR_STREAM_DESTROYED`",
              "a callback is called once",
              change(
                  "end after destroy",
                  "C",
                  List.of("close false"),
                  List.of(
                      "end callback ERR_STREAM_DESTROYED [Cannot call end after a stream was destroyed]",
                      "close false"))),
          row(
              "what was written before connecting",
              "goes out between 'connect' and 'ready'",
              "goes out, and 'drain' and callbacks come, after 'ready'",
              "it goes out with what the two listeners write, in one piece",
              change(
                  "write before connected",
                  "C",
                  List.of("drain", "early done", "ready"),
                  List.of("ready", "drain", "early done")),
              change(
                  "one 'drain' for many writes that were told false",
                  "C",
                  List.of("drain", "length 0 false", "ready"),
                  List.of("ready", "drain", "length 0 false"))),
          row(
              "a listener that throws",
              "ends the program",
              "ends its connection, and tells the program's uncaught handler",
              "one user's bad message must not end all the others",
              change(
                  "a listener that throws",
                  "C",
                  List.of("end", "finish", "close false"),
                  List.of("close true"))),
          row(
              "a reset, broken pipe or time-out of an accepted connection without 'error' listener",
              "ends the program",
              "is counted in `noise()`",
              "every server meets them all day long"),
          row(
              "a peer that does not read",
              "what is written is queued without end",
              "the connection ends with `ERR_OUTBOX_LIMIT`; see `OutboxLimits`",
              "the memory of a server must not be in its peers' hands"),
          row(
              "text in `utf16le`: a surrogate pair in two packets",
              "two halves",
              "one character",
              "a character that came in pieces is delivered whole",
              change(
                  "a surrogate pair in two packets",
                  "S",
                  List.of("text \\ufffd", "text \\ufffd"),
                  List.of("text \\ud83d\\ude00"))),
          row(
              "text in `utf16le`: an odd byte at the end",
              "is lost",
              "is U+FFFD, as what is cut in `utf8`",
              "a loss should be seen",
              change(
                  "characters in pieces: utf16le",
                  "S",
                  List.of("text \\u4f60", "end"),
                  List.of("text \\u4f60", "text \\ufffd", "end"))),
          row(
              "the error when all addresses of a name fail",
              "has no text and no address",
              "has a text that holds them all, and the first one's address",
              "an error is a sentence",
              change(
                  "all addresses of a name refuse",
                  "C",
                  "error ECONNREFUSED []",
                  "error ECONNREFUSED [All 2 attempts failed: connect ECONNREFUSED 127.0.0.7:1;"
                      + " connect ECONNREFUSED ::1:1] syscall=connect address=127.0.0.7 port=1"
                      + " errno=-111")),
          row(
              "`autoSelectFamilyAttemptedAddresses()` where only one address was tried",
              "`undefined`",
              "that address",
              "the list is the same for all",
              change("connect to a name", "C", "tried none", "tried 127.0.0.1:PORT"),
              change("family 4 only", "C", "tried none", "tried 127.0.0.7:1"),
              change(
                  "autoSelectFamily off: the first address only",
                  "C",
                  "tried none",
                  "tried 127.0.0.7:1")),
          row(
              "'connectionAttemptFailed' for the path of a Unix domain socket",
              "told, without port and family",
              "not told",
              "no 'connectionAttempt' came before it",
              change(
                  "a Unix domain socket that is not there, or nobody listens on",
                  "C",
                  List.of(
                      "connectionAttemptFailed DIR/none.sock undefined undefined ENOENT [connect ENOENT"
                          + " DIR/none.sock] syscall=connect address=DIR/none.sock errno=-2"),
                  List.of()),
              change(
                  "a Unix domain socket that is not there, or nobody listens on",
                  "D",
                  List.of(
                      "connectionAttemptFailed DIR/file undefined undefined ECONNREFUSED [connect"
                          + " ECONNREFUSED DIR/file] syscall=connect address=DIR/file errno=-111"),
                  List.of())),
          row(
              "connecting with a signal that was given before",
              "fails, and connects all the same",
              "fails",
              "aborted is aborted",
              change(
                  "connect with a signal given before",
                  "C",
                  List.of(
                      "close undefined",
                      "connectionAttempt 127.0.0.1 1 4",
                      ATTEMPT_FAILED,
                      "close true"),
                  List.of("close true"))),
          row(
              "`timeout()` after a `setTimeout` that was refused",
              "the refused value",
              "what it was",
              "a call that throws changes nothing",
              change("time-outs that are refused", "A", "timeout -1", "timeout none")),
          row(
              "`listening()` and `address()` straight after `listen`",
              "known, where there is no host",
              "known from 'listening' on",
              "one rule for all forms",
              change(
                  "whether it listens straight after the call",
                  "A",
                  "listening true true",
                  "listening false false")),
          row(
              "`listen` twice, the first with a host",
              "the second call fails later",
              "throws `ERR_SERVER_ALREADY_LISTEN`, as without a host",
              "one rule for all forms",
              change(
                  "listen twice with a host",
                  "A",
                  "at once done",
                  "at once throws ERR_SERVER_ALREADY_LISTEN [Listen method has been called more than"
                      + " once without closing.]")),
          row(
              "`close` before a `listen` with a host has listened",
              "its callback gets `ERR_SERVER_NOT_RUNNING`",
              "its callback gets no error",
              "one rule for all forms",
              change(
                  "close before it listens",
                  "A",
                  "closed ERR_SERVER_NOT_RUNNING [Server is not running.]",
                  "closed done")),
          row(
              "'close' of a server that is closed again",
              "told again",
              "told once; the callback gets `ERR_SERVER_NOT_RUNNING`",
              "a server that has closed does not close",
              change(
                  "close of a server that does not listen",
                  "A",
                  List.of("close", "second ERR_SERVER_NOT_RUNNING [Server is not running.]"),
                  List.of("second ERR_SERVER_NOT_RUNNING [Server is not running.]")),
              change(
                  "close of a server that does not listen",
                  "B",
                  List.of("close", "again ERR_SERVER_NOT_RUNNING [Server is not running.]"),
                  List.of("again ERR_SERVER_NOT_RUNNING [Server is not running.]"))),
          row(
              "'close' of a server and of its last connection",
              "the server's may come first",
              "the connection's comes first",
              "a server has closed when all is closed",
              change(
                  "close waits for the last connection, the port is free at once",
                  "A",
                  List.of("close", "closed done", "the connection is closed"),
                  List.of("the connection is closed", "close", "closed done"))),
          row(
              "`connections()`",
              "gone",
              "how many are open",
              "it is there in Node's older documents",
              change("getConnections, and the old property", "A", "old none", "old 1")),
          row(
              "the texts of errors of `listen`",
              "",
              "may close with a note in parentheses, such as who holds the port",
              "who reads it knows what to do"),
          row(
              "the texts of refused addresses, families and ranges",
              "say that it is invalid, or print an object",
              "hold the value found",
              "who reads it knows what to do",
              change(
                  "what a blockList holds and says",
                  "A",
                  "range throws ERR_INVALID_ARG_VALUE [The argument 'start' must come before end."
                      + " Received SocketAddress { address: '10.0.0.9', port: 0, family: 'ipv4',"
                      + " flowlabel: 0 }]",
                  "range throws ERR_INVALID_ARG_VALUE [The argument 'start' must come before end."
                      + " Received 10.0.0.9 and 10.0.0.1]"),
              change(
                  "what a blockList holds and says",
                  "A",
                  "address throws ERR_INVALID_ADDRESS [Invalid socket address]",
                  "address throws ERR_INVALID_ADDRESS [Invalid socket address: 'junk' is no ipv4"
                      + " address]"),
              change(
                  "what a blockList holds and says",
                  "A",
                  "family throws ERR_INVALID_ARG_VALUE [The property 'options.family' is invalid."
                      + " Received 'ipx']",
                  "family throws ERR_INVALID_ARG_VALUE [The argument 'family' must be 'ipv4' or"
                      + " 'ipv6'. Received 'ipx']"),
              change(
                  "socket addresses",
                  "A",
                  "mismatch throws ERR_INVALID_ADDRESS [Invalid socket address]",
                  "mismatch throws ERR_INVALID_ADDRESS [Invalid socket address: '::1' is no ipv4"
                      + " address]")),
          row(
              "`SocketAddress.parse`",
              "turns port 80 into 0 and takes `0x7f.1:1`",
              "keeps the port and takes standard forms only",
              "an address must mean the same to all who read it",
              change(
                  "socket addresses",
                  "A",
                  "1.2.3.4:80 1.2.3.4 ipv4 0 0",
                  "1.2.3.4:80 1.2.3.4 ipv4 80 0"),
              change("socket addresses", "A", "0x7f.1:1 127.0.0.1 ipv4 1 0", "0x7f.1:1 none")));

  /** Where an older Node, such as Debian's, differs from Node 26, which is our model. */
  private static final List<Change> OLDER_NODES =
      List.of(
          change("options of the connection", "A", "marks 16384 16384", "marks 65536 65536"),
          change("the module's defaults", "A", "time 250", "time 500"),
          change("end of a fresh socket", "A", List.of(), List.of("end callback done", "finish")),
          change(
              "the flow that a listener starts",
              "C",
              List.of("close false", "resume"),
              List.of("close false")),
          change(
              "destroy with writes queued for a slow peer",
              "C",
              List.of(
                  "a done",
                  "b " + DESTROYED,
                  "end callback ERR_STREAM_DESTROYED [Cannot call end after a stream was destroyed]"),
              List.of(
                  "a ECANCELED [write ECANCELED] syscall=write errno=-125",
                  "b ECANCELED [write ECANCELED] syscall=write errno=-125",
                  "end callback ECANCELED [write ECANCELED] syscall=write errno=-125")));

  private Differences() {}

  private static Row row(String what, String node, String here, String why, Change... changes) {
    return new Row(what, node, here, why, List.of(changes));
  }

  private static Change change(String program, String who, String node, String ours) {
    return new Change(program, who, List.of(node), List.of(ours));
  }

  private static Change change(String program, String who, List<String> node, List<String> ours) {
    return new Change(program, who, node, ours);
  }

  /** The table as the manual has it. */
  static String table() {
    StringBuilder table = new StringBuilder("| | in Node | here | because |\n|---|---|---|---|\n");
    for (Row row : ROWS) {
      table.append("| %s | %s | %s | %s |\n".formatted(row.what, row.node, row.here, row.why));
    }
    return table.toString();
  }

  /** Our errors of listen may close with a note in parentheses, which Node's never have. */
  static String withoutNote(NetException e) {
    String text = e.getMessage();
    int note = text.indexOf(" (");
    return "listen".equals(e.syscall()) && note > 0 ? text.substring(0, note) : text;
  }

  /** What an older Node has told, turned into what Node 26 tells. */
  static Map<String, List<String>> asNewest(
      String program, Map<String, List<String>> told, int nodeMajor) {
    Map<String, List<String>> lines = new TreeMap<>(told);
    if (nodeMajor < 26) {
      for (Change change : OLDER_NODES) {
        boolean there = change.node.isEmpty() && holds(lines, change.who, change.ours);
        if (change.program.equals(program) && !there) {
          replace(lines, change);
        }
      }
    }
    return lines;
  }

  /** What Node has told, turned into what we are to tell. */
  static Map<String, List<String>> apply(String program, Map<String, List<String>> newest) {
    Map<String, List<String>> lines = new TreeMap<>(newest);
    for (Row row : ROWS) {
      for (Change change : row.changes) {
        if (change.program.equals(program) && !replace(lines, change)) {
          throw new AssertionError(
              "Node does not differ here any more: %s, %s%n%s"
                  .formatted(program, row.what, lines.get(change.who)));
        }
      }
    }
    return lines;
  }

  private static boolean holds(Map<String, List<String>> lines, String who, List<String> some) {
    return Collections.indexOfSubList(lines.getOrDefault(who, List.of()), some) >= 0;
  }

  /** Nothing stands for the end; a single line may be the begin of one. */
  private static boolean replace(Map<String, List<String>> lines, Change change) {
    List<String> changed = new ArrayList<>(lines.getOrDefault(change.who, List.of()));
    int at =
        change.node.isEmpty() ? changed.size() : Collections.indexOfSubList(changed, change.node);
    if (at < 0 && change.node.size() == 1) {
      String node = change.node.getFirst();
      for (int i = 0; i < changed.size() && at < 0; i++) {
        if (changed.get(i).startsWith(node)) {
          changed.set(i, change.ours.getFirst() + changed.get(i).substring(node.length()));
          lines.put(change.who, changed);
          return true;
        }
      }
    }
    if (at < 0) {
      return false;
    }
    changed.subList(at, at + change.node.size()).clear();
    changed.addAll(at, change.ours);
    lines.put(change.who, changed);
    return true;
  }

  /** All programs that the table names. */
  static List<String> programs() {
    List<String> names = new ArrayList<>();
    ROWS.forEach(row -> row.changes.forEach(change -> names.add(change.program)));
    OLDER_NODES.forEach(change -> names.add(change.program));
    return names;
  }
}
