package io.netloop.cli;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Completes {@code @nick} at the start of a line. To it a line is text: the quotation marks and
 * backslashes of a shell mean nothing here.
 */
final class NameCompletion implements Parser, Completer {
  private final Supplier<? extends Collection<String>> names;

  /** Completes one of these names, which are asked for at each Tab. */
  NameCompletion(Supplier<? extends Collection<String>> names) {
    this.names = names;
  }

  /** The word at the cursor: the receiver, or nothing where the cursor is behind it. */
  private record Word(String line, int cursor, String word) implements CompletingParsedLine {
    @Override
    public int wordCursor() {
      return Math.min(cursor, word.length());
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    int blank = line.indexOf(' ');
    String first = blank < 0 ? line : line.substring(0, blank);
    return new Word(line, cursor, cursor <= first.length() ? first : "");
  }

  @Override
  public boolean isEscapeChar(char c) {
    return false;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String begun = line.word().substring(0, line.wordCursor());
    if (begun.startsWith("@")) {
      for (String name : names.get()) {
        if (name.startsWith(begun.substring(1))) {
          candidates.add(new Candidate("@" + name));
        }
      }
    }
  }
}
