package io.netloop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.ChatOptions;
import io.netloop.chat.ChatServer;
import io.netloop.loop.Loop;
import io.netloop.loop.NetException;
import io.netloop.net.HostPort;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen and what is sent, without a terminal. */
class TalkTest {
  private ChatServer server;
  private ChatClientOptions room;

  /** A screen on paper: what is shown comes out line by line. */
  private static final class Paper implements Screen {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<Talk> talk = new CompletableFuture<>();

    Paper(ChatClientOptions room, @Nullable String nickname) {
      Loop.current().execute(() -> new Talk(room, nickname, Texts.ZH, this, status));
    }

    @Override
    public void start(Talk started) {
      talk.complete(started);
    }

    @Override
    public void want(Want want) {
      if (want != Want.NOTHING) {
        lines.add("<" + want + ">");
      }
    }

    @Override
    public void show(Tone tone, String harmless) {
      lines.add(harmless);
    }

    @Override
    public void diagnose(String harmless) {
      lines.add("! " + harmless);
    }

    @Override
    public void close(Runnable then) {
      then.run();
    }

    Paper type(String line) {
      Loop.current().execute(() -> talk.join().typed(line));
      return this;
    }

    Paper endInput() {
      Loop.current().execute(() -> talk.join().inputEnded());
      return this;
    }

    Paper sees(String... expected) {
      for (String line : expected) {
        try {
          assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo(line);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return this;
    }

    int status() {
      return status.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  @BeforeEach
  void openTheRoom() {
    CompletableFuture<HostPort> listening = new CompletableFuture<>();
    server = new ChatServer(ChatOptions.defaults().withPort(0));
    server.onListening(listening::complete).start();
    room =
        ChatClientOptions.defaults()
            .withPort(listening.orTimeout(10, TimeUnit.SECONDS).join().port())
            .withReconnect(false);
  }

  @AfterEach
  void closeTheRoom() {
    server.stop(Duration.ofMillis(100)).orTimeout(10, TimeUnit.SECONDS).join();
  }

  private Paper ann() {
    return new Paper(room, "ann").sees("登录成功，当前在线用户：1", "<MESSAGE>");
  }

  @Test
  void takesEveryLineForANameUntilOneIsAccepted() {
    Paper paper = new Paper(room, null).sees("<NAME>");

    paper.type("a b").sees("登录失败：登录失败，昵称不合法", "<NAME>");
    paper.type("").sees("登录失败：登录失败，昵称不合法", "<NAME>");
    paper.type("ann").sees("登录成功，当前在线用户：1", "<MESSAGE>");
    paper.type("hello").sees("ann: hello");

    assertThat(paper.type("/quit").status()).isZero();
  }

  @Test
  void showsAllThatHappensInTheWordsOfTheProtocol() {
    Paper ann = ann();
    Paper bob = new Paper(room, "bob").sees("登录成功，当前在线用户：2", "<MESSAGE>");
    ann.sees("bob 进入了聊天室，当前在线人数：2");

    bob.type("大家好").sees("bob: 大家好");
    ann.sees("bob: 大家好");
    bob.type("@ann 你好");
    ann.sees("bob 对你说：你好");
    bob.type("@nobody 你好").sees("发送失败：该用户不存在");

    assertThat(bob.endInput().status()).isZero();
    ann.sees("bob 离开了聊天室，当前在线人数：1");
    assertThat(ann.type("/quit").status()).isZero();
  }

  @Test
  void takesForAWhisperWhatNamesAReceiverAndHasText() {
    Paper ann = ann();
    ann.type("@ann two  blanks").sees("ann 对你说：two  blanks");
    ann.type("@ann\u3000wide").sees("ann 对你说：wide");
    ann.type("@ann").sees("ann: @ann");
    ann.type("@ann ").sees("ann: @ann ");
    ann.type("@ ann").sees("ann: @ ann");
    ann.type("say @ann").sees("ann: say @ann");
    ann.type("").type("after nothing").sees("ann: after nothing");
    ann.type("/quit").status();
  }

  @Test
  void showsNothingThatDrivesATerminal() {
    Paper ann = ann();
    ann.type("\u001b[2J\u009b1m\u202e\r").sees("ann: ␛[2J\\u009b1m\\u202e␍");
    ann.type("@ann \u001b]0;title\u0007").sees("ann 对你说：␛]0;title␇");
    ann.type("/quit").status();
  }

  @Test
  void tellsItsCommands() {
    Paper ann = ann().type("/help");
    Texts.ZH.help().forEach(line -> ann.sees("! " + line));
    ann.type("/quit").status();
  }

  @Test
  void failsWhenTheConnectionIsLost() {
    Paper ann = ann();
    server.stop(Duration.ofMillis(100)).join();

    ann.sees("服务器即将关闭", "与服务器的连接已断开");
    assertThat(ann.lines.poll()).startsWith("! netloop: the connection to 127.0.0.1 port");
    assertThat(ann.status()).isEqualTo(1);
  }

  @Test
  void failsWhenNoNameWasAccepted() {
    Paper paper = new Paper(room, null).sees("<NAME>").type("a b");
    paper.sees("登录失败：登录失败，昵称不合法", "<NAME>");

    assertThat(paper.endInput().status()).isEqualTo(1);
  }

  @Test
  void saysWhereThereIsNoRoom() {
    server.stop(Duration.ofMillis(100)).join();

    assertThatThrownBy(() -> new Paper(room, "ann").status())
        .hasCauseInstanceOf(NetException.class)
        .hasMessageContaining("there is no chat room at 127.0.0.1 port " + room.port())
        .hasMessageContaining("ECONNREFUSED");
  }
}
