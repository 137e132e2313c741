package io.netloop.http;

import io.netloop.engine.Reactor;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.TcpSocket;
import org.jspecify.annotations.Nullable;

/** What a client's request and its response ask of the connection, or the stream, they go over. */
interface ClientExchange {
  Reactor reactor();

  Loop loop();

  TcpSocket socket();

  /** Where the request goes. */
  Wire wire();

  /** The request was written to its end, perhaps after its response was read. */
  void requestWritten();

  /** Tells 'timeout' of the request after so long without activity; 0 turns it off. */
  void setTimeout(long millis);

  /** Somebody takes the body of the response: more of it may come. */
  void goOn();

  /** The program has read a response to its end. */
  void responseRead(ClientResponse read);

  /** A listener threw. */
  void listenerFailed(ClientRequest whose, Throwable failure);

  /** The program gives the request up. */
  void cut(ClientRequest given, @Nullable NetException failure);

  /** The program gives a response up. */
  void cutAt(ClientResponse given, @Nullable NetException failure);
}
