package io.netloop.http;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * A process with many connections that send nothing; two processes have room for both their ends.
 */
final class SilentClients {
  private SilentClients() {}

  /** Port and number: says "open" when all are, and how many were answered with 408 and ended. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    ArrayDeque<Socket> open = new ArrayDeque<>();
    for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
      open.add(new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }
    System.out.println("open");
    int answered = 0;
    while (!open.isEmpty()) {
      try (Socket socket = open.remove()) {
        InputStream in = socket.getInputStream();
        String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        answered += answer.startsWith("HTTP/1.1 408 ") ? 1 : 0;
      }
    }
    System.out.println(answered);
  }
}
