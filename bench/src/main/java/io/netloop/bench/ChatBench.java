package io.netloop.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./netloop bench chat}: the chat room against the same room in Node, and its pages against
 * a room of Socket.IO's.
 */
final class ChatBench {
  private static final int USERS = 500;
  private static final int USERS_IN_A_TEST = 20;
  private static final int MANY = 16;
  private static final int AHEAD = 8;

  private final Options options;
  private final Nodes nodes;
  private final int users;

  ChatBench(Options options, Nodes nodes) {
    this.options = options;
    this.nodes = nodes;
    this.users = options.small() ? USERS_IN_A_TEST : USERS;
  }

  /** The rows by their names; each is made when it is its turn. */
  Map<String, Row.Maker> rows() {
    Map<String, Row.Maker> rows = new LinkedHashMap<>();
    rows.put("talk-1", () -> talk("talk-1", 1, 1));
    rows.put("talk-16", () -> talk("talk-16", MANY, 1));
    rows.put("talk-1-ahead", () -> talk("talk-1-ahead", 1, AHEAD));
    rows.put("talk-16-ahead", () -> talk("talk-16-ahead", MANY, AHEAD));
    rows.put("web-talk-1", () -> webTalk("web-talk-1", 1));
    rows.put("web-talk-16", () -> webTalk("web-talk-16", MANY));
    return rows;
  }

  private Row talk(String name, int talkers, int ahead) {
    List<Peer> peers = new ArrayList<>();
    peers.add(Java.peer("Netloop's chat room", Java.ROOM, NetloopRoom.class, "tcp"));
    peers.addAll(nodes.peers("room.js"));
    String title =
        "%d users, of which %d talk, each with %d of its messages under way"
            .formatted(users, talkers, ahead);
    return new Row(
        name,
        title,
        Trials.underLoad("deliveries"),
        peers,
        peer ->
            Trials.underLoad(
                peer,
                options.seconds(),
                1,
                port -> Talk.open(port, users, talkers, ahead, Speech.LINES)));
  }

  private Row webTalk(String name, int talkers) {
    Peer ours = Java.peer("Netloop's chat room", Java.ROOM, NetloopRoom.class, "web");
    List<Peer> peers = new ArrayList<>(List.of(ours));
    peers.addAll(nodes.peersOf(Nodes.NpmPackage.SOCKET_IO, "socketio-room.js", List.of()));
    return new Row(
        name,
        "%d users over WebSockets, of which %d talk, each with one of its messages under way"
            .formatted(users, talkers),
        Trials.underLoad("deliveries"),
        peers,
        peer -> {
          Speech speech = peer.equals(ours) ? Speech.PAGES : Speech.SOCKET_IO;
          return Trials.underLoad(
              peer, options.seconds(), 1, port -> Talk.open(port, users, talkers, 1, speech));
        });
  }
}
