package io.netloop.cli;

import io.netloop.chat.ChatClient;
import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.ChatEvent;
import io.netloop.chat.Harmless;
import io.netloop.cli.Screen.Tone;
import io.netloop.cli.Screen.Want;
import io.netloop.loop.CloseCause;
import io.netloop.loop.NetException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user's talk with a chat room: what is typed becomes messages, what comes becomes lines. Section
 * 6 of the wire protocol is this class. It knows nothing of terminals. <i>Loop-confined.</i>
 */
final class Talk {
  /** One blank after the name, which an input method for Chinese may write as a wide one. */
  private static final Pattern WHISPER =
      Pattern.compile("@(\\S+)\\s(.+)", Pattern.UNICODE_CHARACTER_CLASS | Pattern.DOTALL);

  private final Texts texts;
  private final Screen screen;
  private final ChatClient client;
  private final CompletableFuture<Integer> status;
  private final String target;

  /** The name given on the command line, until it is used. */
  private @Nullable String nickname;

  private Want wants = Want.NOTHING;
  private boolean everLoggedIn;
  private boolean everAsked;
  private boolean everConnected;
  private boolean leaving;
  private int exitStatus;

  /**
   * Connects.
   *
   * @param nickname the name to log in with, or null to ask for one
   * @param status completed once all is over and shown: with the program's exit status, or with the
   *     error that kept us from connecting
   */
  Talk(
      ChatClientOptions options,
      @Nullable String nickname,
      Texts texts,
      Screen screen,
      CompletableFuture<Integer> status) {
    this.texts = texts;
    this.screen = screen;
    this.status = status;
    this.nickname = nickname;
    target = options.host() + " port " + options.port();
    client = ChatClient.connect(options, this::happened);
    screen.start(this);
  }

  /** Takes a line that was typed, without its line end. */
  void typed(String line) {
    switch (line) {
      case "/quit" -> leave();
      case "/help" -> texts.help().forEach(screen::diagnose);
      default -> {
        if (wants == Want.NAME) {
          login(line);
        } else {
          say(line);
        }
      }
    }
  }

  /** Leaves once everything typed is delivered. */
  void leave() {
    if (!leaving) {
      leaving = true;
      want(Want.NOTHING);
      client.end();
    }
  }

  /** No more lines will come. */
  void inputEnded() {
    if (everAsked && !everLoggedIn) {
      fail("the room was left without a login: no name was accepted.");
    } else {
      leave();
    }
  }

  /** Leaves because something on our side is broken. */
  void fail(String sentence) {
    screen.diagnose("netloop: " + sentence);
    exitStatus = Usage.FAILED;
    leave();
  }

  /** Shows nothing more for a while: the screen cannot keep up. */
  void pause() {
    client.pause();
  }

  /** The screen has kept up. */
  void resume() {
    client.resume();
  }

  /** Who is here; any thread may look. */
  Set<String> names() {
    return client.names();
  }

  private void login(String name) {
    everAsked = true;
    want(Want.NOTHING);
    client.login(name);
  }

  private void say(String line) {
    if (line.isEmpty()) {
      return;
    }
    Matcher whisper = WHISPER.matcher(line);
    boolean sent =
        whisper.matches()
            ? client.whisper(whisper.group(1), whisper.group(2))
            : client.broadcast(line);
    if (!sent && !leaving) {
      screen.show(Tone.FAILURE, texts.notSent(texts.lost()));
    }
  }

  private void happened(ChatEvent event) {
    switch (event) {
      case ChatEvent.Connected connected -> connected();
      case ChatEvent.LoggedIn in -> loggedIn(in);
      case ChatEvent.SomethingGone gone -> show(Tone.FAILURE, texts.gone());
      case ChatEvent.LoginRefused refused -> {
        show(Tone.FAILURE, texts.refused(refused.message()));
        want(Want.NAME);
      }
      case ChatEvent.Broadcast said ->
          show(Tone.PLAIN, texts.broadcast(said.nickname(), said.message()));
      case ChatEvent.Whisper said ->
          show(Tone.WHISPER, texts.whisper(said.nickname(), said.message()));
      case ChatEvent.WhisperFailed failed -> show(Tone.FAILURE, texts.notSent(failed.message()));
      case ChatEvent.Notice notice -> show(Tone.NOTICE, notice.message());
      case ChatEvent.ConnectionLost lost -> show(Tone.FAILURE, texts.lost());
      case ChatEvent.Closed closed -> closed(closed.cause());
    }
  }

  private void connected() {
    everConnected = true;
    if (nickname != null) {
      String name = nickname;
      nickname = null;
      login(name);
    } else if (!everAsked) {
      want(Want.NAME);
    }
  }

  private void loggedIn(ChatEvent.LoggedIn in) {
    everLoggedIn = true;
    show(Tone.NOTICE, in.again() ? texts.back(in.users()) : texts.loggedIn(in.users()));
    want(Want.MESSAGE);
  }

  private void closed(CloseCause cause) {
    want(Want.NOTHING);
    NetException error = cause.error();
    if (leaving) {
      if (error != null) {
        fail("not everything may have been delivered: " + error.getMessage() + ".");
      }
      finish();
    } else if (!everConnected) {
      String said = error == null ? cause.code() : String.valueOf(error.getMessage());
      String why = said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
      screen.close(() ->
          status.completeExceptionally(
              new NetException(
                  cause.code(),
                  "there is no chat room at "
                      + target
                      + ": "
                      + why
                      + ". \"./netloop chat\" opens one.",
                  error)));
    } else {
      show(Tone.FAILURE, texts.lost());
      screen.diagnose("netloop: the connection to " + target + " is lost: " + cause + ".");
      exitStatus = Usage.FAILED;
      finish();
    }
  }

  private void finish() {
    screen.close(() -> status.complete(exitStatus));
  }

  private void want(Want next) {
    wants = next;
    screen.want(next);
  }

  private void show(Tone tone, String text) {
    screen.show(tone, Harmless.text(text));
  }
}
