package io.netloop.cli;

import io.netloop.loop.Loop;
import java.io.IOError;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * A talk in a terminal: the line being typed can be edited, and stays as it is while messages
 * appear above it.
 *
 * <p>Typing and showing may block, so each has a thread of its own: the one waits for a line and
 * takes it to the loop, the other shows what the loop has queued. A terminal can be stopped
 * (Ctrl-S) for as long as its user likes: then the talk is paused before the queue grows long.
 */
final class TerminalScreen implements Screen {
  private static final String PROMPT = "> ";
  private static final int PAUSE_AT = 500;
  private static final int RESUME_AT = 100;
  private static final long TYPING_ENDS_MILLIS = 1_000;

  private final Loop loop = Loop.current();
  private final Terminal terminal;
  private final LineReaderImpl reader;
  private final String askName;
  private final boolean colours;
  private final BlockingQueue<Runnable> toShow = new LinkedBlockingQueue<>();
  private final Thread showing = Thread.ofPlatform().daemon().name("showing").unstarted(this::show);
  private final Thread typing = Thread.ofPlatform().daemon().name("typing").unstarted(this::type);
  private final Object wantsChange = new Object();
  private Want wants = Want.NOTHING;
  private volatile boolean full;
  private @Nullable Talk talk;

  /**
   * A talk in this terminal, which it will close.
   *
   * @param colours whether what is not said to all is shown in colour
   */
  TerminalScreen(Terminal terminal, String askName, boolean colours) {
    this.terminal = terminal;
    this.askName = askName;
    this.colours = colours;
    NameCompletion completion = new NameCompletion(() -> talk().names());
    reader =
        (LineReaderImpl)
            LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(completion)
                .completer(completion)
                // Exclamation marks are only that, and a name that is not there is not another.
                .option(Option.DISABLE_EVENT_EXPANSION, true)
                .option(Option.COMPLETE_MATCHER_TYPO, false)
                .option(Option.INSERT_TAB, false)
                .variable(LineReader.ERRORS, 0)
                .build();
  }

  /** The terminal that standard input and output are. */
  static Terminal system() {
    try {
      return TerminalBuilder.builder().system(true).graphemeCluster(false).build();
    } catch (IOException e) {
      throw new IOError(e);
    }
  }

  @Override
  public void start(Talk started) {
    talk = started;
    // While a line is typed the reader has its own way to tell of Ctrl-C.
    terminal.handle(Terminal.Signal.INT, signal -> loop.execute(started::leave));
    showing.start();
    typing.start();
  }

  @Override
  public void want(Want want) {
    synchronized (wantsChange) {
      wants = want;
      wantsChange.notifyAll();
    }
    if (want != Want.NOTHING) {
      toShow.add(() -> showPrompt(want));
    }
  }

  @Override
  public void show(Tone tone, String harmless) {
    AttributedString line = new AttributedString(harmless, style(tone));
    toShow.add(() -> reader.printAbove(line));
    if (!full && toShow.size() > PAUSE_AT) {
      full = true;
      talk().pause();
    }
  }

  @Override
  public void diagnose(String harmless) {
    show(Tone.NOTICE, harmless);
  }

  @Override
  public void close(Runnable then) {
    toShow.add(() -> {
      try {
        typing.interrupt();
        typing.join(TYPING_ENDS_MILLIS);
        terminal.close();
      } catch (IOException | InterruptedException e) {
        // The program ends in a moment, and with it the terminal's use.
      } finally {
        then.run();
      }
    });
  }

  /** The thread that shows. */
  private void show() {
    try {
      while (true) {
        toShow.take().run();
        if (full && toShow.size() < RESUME_AT) {
          full = false;
          loop.execute(talk()::resume);
        }
      }
    } catch (InterruptedException nobodyInterruptsThis) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread that types. */
  private void type() {
    try {
      while (true) {
        String typed = reader.readLine(prompt(awaitWanted()));
        // What comes next depends on what the talk makes of this line.
        CompletableFuture.runAsync(() -> take(typed), loop).join();
      }
    } catch (EndOfFileException | UserInterruptException | InterruptedException | IOError end) {
      loop.execute(talk()::leave);
    }
  }

  /** What was pasted may be several lines. */
  private void take(String typed) {
    for (String line : typed.split("\n", -1)) {
      talk().typed(line);
    }
  }

  private Want awaitWanted() throws InterruptedException {
    synchronized (wantsChange) {
      while (wants == Want.NOTHING) {
        wantsChange.wait();
      }
      return wants;
    }
  }

  /** A line that is being typed goes on under the new prompt. */
  private void showPrompt(Want want) {
    reader.setPrompt(prompt(want));
    try {
      reader.callWidget(LineReader.REDISPLAY);
    } catch (IllegalStateException notTyping) {
      // The next line begins with it.
    }
  }

  private String prompt(Want want) {
    return want == Want.NAME ? askName : PROMPT;
  }

  private AttributedStyle style(Tone tone) {
    AttributedStyle plain = AttributedStyle.DEFAULT;
    if (!colours) {
      return plain;
    }
    return switch (tone) {
      case PLAIN -> plain;
      case WHISPER -> plain.foreground(AttributedStyle.MAGENTA).bold();
      case NOTICE -> plain.foreground(AttributedStyle.CYAN);
      case FAILURE -> plain.foreground(AttributedStyle.RED);
    };
  }

  private Talk talk() {
    return Objects.requireNonNull(talk, "start comes first");
  }
}
