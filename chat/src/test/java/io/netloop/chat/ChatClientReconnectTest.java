package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.chat.ChatEvent.Closed;
import io.netloop.chat.ChatEvent.Connected;
import io.netloop.chat.ChatEvent.ConnectionLost;
import io.netloop.chat.ChatEvent.LoggedIn;
import io.netloop.chat.ChatEvent.LoginRefused;
import io.netloop.net.TcpSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The client with a server that goes and comes. */
class ChatClientReconnectTest {

  private static void accept(TcpSocket socket, String data) {
    // Only who asks for this name gets it.
    boolean asked = data.startsWith("{\"type\":\"login\",\"nickname\":\"ann\"");
    socket.write("{\"type\":\"login\",\"success\":" + asked + ",\"message\":\"m\",\"sumUsers\":1}");
  }

  private static void refuseAnn(TcpSocket socket, String data) {
    boolean ann = data.contains("\"ann\"");
    socket.write("{\"type\":\"login\",\"success\":" + !ann + ",\"message\":\"taken\"}");
  }

  @Test
  void comesBackUnderTheSameNameByItself() {
    ScriptedServer first = new ScriptedServer(0, ChatClientReconnectTest::accept);
    try (ClientProbe ann = new ClientProbe(first.port(), true).login("ann")) {
      ann.sooner(LoggedIn.class);
      first.close();
      assertThat(ann.next(ConnectionLost.class).cause().code()).isEqualTo("ECONNRESET");
      assertThat(ann.does(ChatClient::loggedIn)).isFalse();
      assertThat(ann.does(client -> client.broadcast("unheard"))).isFalse();

      // Every try until then fails without a word.
      try (ScriptedServer second =
          new ScriptedServer(first.port(), ChatClientReconnectTest::accept)) {
        ann.hears(new Connected());
        ann.hears(new LoggedIn("ann", 1, List.of(), true));
        assertThat(second.port()).isEqualTo(first.port());
      }
      ann.next(ConnectionLost.class);
    }
  }

  @Test
  void asksForAnotherNameIfItIsTakenMeanwhile() {
    ScriptedServer first = new ScriptedServer(0, ChatClientReconnectTest::accept);
    try (ClientProbe ann = new ClientProbe(first.port(), true).login("ann")) {
      ann.sooner(LoggedIn.class);
      first.close();
      ann.next(ConnectionLost.class);

      try (ScriptedServer second =
          new ScriptedServer(first.port(), ChatClientReconnectTest::refuseAnn)) {
        ann.hears(new Connected());
        ann.hears(new LoginRefused("taken", true));
        ann.login("ann2");
        ann.hears(new LoggedIn("ann2", 0, List.of(), false));
        assertThat(second.port()).isEqualTo(first.port());
      }
      ann.next(ConnectionLost.class);
    }
  }

  @Test
  void waitsForANameWhereNobodyHasToBeBroughtBack() {
    ScriptedServer first = new ScriptedServer(0, ChatClientReconnectTest::accept);
    try (ClientProbe nobody = new ClientProbe(first.port(), true)) {
      nobody.hears(new Connected());
      first.close();
      nobody.next(ConnectionLost.class);

      try (ScriptedServer second =
          new ScriptedServer(first.port(), ChatClientReconnectTest::accept)) {
        nobody.login("ann");
        nobody.hears(new Connected());
        nobody.hears(new LoggedIn("ann", 1, List.of(), false));
        assertThat(second.port()).isEqualTo(first.port());
      }
      nobody.next(ConnectionLost.class);
    }
  }

  @Test
  void endsWhileItWaitsForTheNextTry() {
    ScriptedServer first = new ScriptedServer(0, ChatClientReconnectTest::accept);
    ClientProbe ann = new ClientProbe(first.port(), true).login("ann");
    ann.sooner(LoggedIn.class);
    first.close();
    ann.next(ConnectionLost.class);

    ann.end();
    ann.next(Closed.class);
    assertThat(ann.isQuiet()).isTrue();
  }
}
