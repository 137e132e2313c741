package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpSocket;

/** Takes a connection over, from HTTP to something else. */
@FunctionalInterface
public interface UpgradeListener {
  /**
   * Called with a connection that is the listener's from now on.
   *
   * @param socket without any listener of ours; nothing flows until there is one of the program's
   * @param head what came behind the headers already, perhaps empty
   */
  void upgrade(HttpRequest request, TcpSocket socket, Buffer head) throws Exception;
}
