package io.netloop.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.netloop.chat.ChatEvent.Broadcast;
import io.netloop.chat.ChatEvent.Closed;
import io.netloop.chat.ChatEvent.Connected;
import io.netloop.chat.ChatEvent.LoggedIn;
import io.netloop.chat.ChatEvent.LoginRefused;
import io.netloop.chat.ChatEvent.Notice;
import io.netloop.chat.ChatEvent.Whisper;
import io.netloop.chat.ChatEvent.WhisperFailed;
import io.netloop.loop.CloseCause;
import io.netloop.net.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client in a room of ours. */
class ChatClientTest {
  private ChatServer server;
  private int port;

  @BeforeEach
  void openTheRoom() {
    CompletableFuture<HostPort> listening = new CompletableFuture<>();
    server =
        ClientProbe.onLoop(() ->
            new ChatServer(ChatOptions.defaults().withPort(0))
                .onListening(listening::complete)
                .start());
    port = listening.orTimeout(10, TimeUnit.SECONDS).join().port();
  }

  @AfterEach
  void closeTheRoom() {
    server.stop(Duration.ofMillis(100)).orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void logsInAndLearnsWhoIsThere() {
    try (ClientProbe ann = new ClientProbe(port, false).login("ann");
        ClientProbe bob = new ClientProbe(port, false)) {
      ann.hears(new Connected());
      ann.hears(new LoggedIn("ann", 1, List.of("ann"), false));
      bob.hears(new Connected());
      bob.login("bob");
      bob.hears(new LoggedIn("bob", 2, List.of("ann", "bob"), false));

      ann.hears(new Notice("bob 进入了聊天室，当前在线人数：2", "bob", null));
      assertThat(ann.call(ChatClient::names)).containsExactly("ann", "bob");

      bob.end();
      bob.next(Closed.class);
      ann.hears(new Notice("bob 离开了聊天室，当前在线人数：1", null, "bob"));
      assertThat(ann.call(ChatClient::names)).containsExactly("ann");
    }
  }

  @Test
  void saysToAllAndToOneAlone() {
    try (ClientProbe ann = new ClientProbe(port, false).login("ann")) {
      ann.sooner(LoggedIn.class);

      assertThat(ann.does(client -> client.broadcast("\"}\\ 你好 😀"))).isTrue();
      ann.hears(new Broadcast("ann", "\"}\\ 你好 😀"));
      assertThat(ann.does(client -> client.whisper("ann", "psst"))).isTrue();
      ann.hears(new Whisper("ann", "psst"));
      assertThat(ann.does(client -> client.whisper("nobody", "psst"))).isTrue();
      ann.hears(new WhisperFailed("该用户不存在"));
    }
  }

  @Test
  void mayTryAnotherNameAfterARefusal() {
    try (ClientProbe ann = new ClientProbe(port, false).login("ann");
        ClientProbe other = new ClientProbe(port, false)) {
      ann.sooner(LoggedIn.class);
      other.login("ann");
      other.hears(new Connected());
      other.hears(new LoginRefused("登录失败，该昵称已存在", false));
      assertThat(other.does(client -> client.broadcast("lost"))).isFalse();

      other.login("ann2");
      assertThat(other.next(LoggedIn.class).nickname()).isEqualTo("ann2");
    }
  }

  @Test
  void endsAfterAllItSaidHasBeenHeard() {
    try (ClientProbe ann = new ClientProbe(port, true).login("ann")) {
      ann.sooner(LoggedIn.class);
      ann.call(client -> {
        for (int i = 0; i < 50; i++) {
          client.broadcast("line " + i);
        }
        client.end();
        return null;
      });

      for (int i = 0; i < 50; i++) {
        ann.hears(new Broadcast("ann", "line " + i));
      }
      CloseCause cause = ann.next(Closed.class).cause();
      assertThat(cause.code()).isEqualTo("END");
      assertThat(cause.hadError()).isFalse();
    }
  }

  @Test
  void isLostForGoodWithoutReconnecting() {
    try (ClientProbe ann = new ClientProbe(port, false).login("ann")) {
      ann.sooner(LoggedIn.class);
      server.stop(Duration.ofMillis(100)).join();

      assertThat(ann.next(Notice.class).message()).isEqualTo("服务器即将关闭");
      assertThat(ann.next(Closed.class).cause().by()).isEqualTo(CloseCause.By.PEER);
    }
  }

  @Test
  void readsNothingWhilePaused() {
    try (ClientProbe ann = new ClientProbe(port, false).login("ann")) {
      ann.sooner(LoggedIn.class);
      ann.call(client -> {
        client.pause();
        return client.broadcast("hello");
      });
      try (ClientProbe bob = new ClientProbe(port, false).login("bob")) {
        // Bob comes after ann's word, and the room keeps the order.
        bob.sooner(LoggedIn.class);
        assertThat(ann.isQuiet()).isTrue();
      }

      ann.call(client -> {
        client.resume();
        return null;
      });
      ann.hears(new Broadcast("ann", "hello"));
    }
  }

  @Test
  void saysOnceWhyItCannotConnect() {
    server.stop(Duration.ofMillis(100)).join();
    try (ClientProbe nobody = new ClientProbe(port, true).login("ann")) {
      assertThat(nobody.next(Closed.class).cause().code()).isEqualTo("ECONNREFUSED");
    }
  }
}
