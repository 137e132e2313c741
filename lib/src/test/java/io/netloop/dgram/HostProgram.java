package io.netloop.dgram;

import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What {@link HostsTest} runs on each of its hosts: does what the lines of its input say, answers
 * each with {@code ok} or the error, and prints what its sockets get.
 */
final class HostProgram {
  private final Map<String, UdpSocket> sockets = new HashMap<>();

  private HostProgram() {}

  public static void main(String[] arguments) throws IOException {
    HostProgram program = new HostProgram();
    Loop loop = Loop.current();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say("ready");
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split(" ", -1);
      loop.execute(() -> program.run(words));
    }
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void run(String[] words) {
    try {
      UdpSocket socket = sockets.get(words[1]);
      switch (words[0]) {
        case "bind4" -> bind(UdpOptions.udp4(), words);
        case "bind6" -> bind(UdpOptions.udp6(), words);
        case "close" -> socket.close();
        case "broadcast" -> socket.setBroadcast(true);
        case "ttl" -> socket.setTTL(Integer.parseInt(words[2]));
        case "groupttl" -> socket.setMulticastTTL(Integer.parseInt(words[2]));
        case "loopback" -> socket.setMulticastLoopback(Boolean.parseBoolean(words[2]));
        case "interface" -> socket.setMulticastInterface(words[2]);
        case "join" -> socket.addMembership(words[2], words.length > 3 ? words[3] : null);
        case "leave" -> socket.dropMembership(words[2], words[3]);
        case "joinsource" -> socket.addSourceSpecificMembership(words[2], words[3], words[4]);
        case "row" -> {
          for (int i = 0; i < words[4].length(); i++) {
            String letter = words[4].substring(i, i + 1);
            socket.send(letter.repeat(1000), Integer.parseInt(words[2]), words[3]);
          }
        }
        case "send" -> {
          socket.send(
              words[4],
              Integer.parseInt(words[2]),
              words[3],
              (error, bytes) -> say(error == null ? "ok" : error.getMessage()));
          return;
        }
        default -> throw new IllegalArgumentException(words[0]);
      }
      if (!words[0].startsWith("bind")) {
        say("ok");
      }
    } catch (NetException refused) {
      say(refused.getMessage());
    }
  }

  private void bind(UdpOptions options, String[] words) {
    String name = words[1];
    UdpSocket socket = Dgram.createSocket(options.withReuseAddr(true));
    sockets.put(name, socket);
    socket.onError(error -> say(error.getMessage()));
    socket.onMessage((message, remote) -> say(name + " got " + message + " from " + remote.host()));
    socket.bind(Integer.parseInt(words[2]), words.length > 3 ? words[3] : null, () -> say("ok"));
  }
}
