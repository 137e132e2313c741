package io.netloop.http;

import io.netloop.loop.Buffer;
import io.netloop.net.TcpSocket;

/** Told when a client's connection has left HTTP: it is the program's from now on. */
public interface ClientUpgradeListener {
  /**
   * Takes the connection over.
   *
   * @param response what the server has answered, without a body
   * @param socket the connection; nobody listens to it, and nothing flows before somebody does
   * @param head what has come behind the answer already, perhaps nothing: it will not come again
   */
  void upgrade(ClientResponse response, TcpSocket socket, Buffer head);
}
