package io.netloop.cli;

/**
 * Where a {@link Talk} is seen and typed: a terminal, or two pipes. Its methods are called on the
 * talk's loop; none of them waits.
 */
interface Screen {
  /** What kind of line is shown; a terminal may give each its look. */
  enum Tone {
    /** What is said to all. */
    PLAIN,
    /** What is said to us alone. */
    WHISPER,
    /** What is told of the room. */
    NOTICE,
    /** What went wrong. */
    FAILURE
  }

  /** What the next typed line will be. */
  enum Want {
    /** Nothing may be typed: an answer is awaited. */
    NOTHING,
    /** A nickname, for which the user is asked. */
    NAME,
    /** Something to say. */
    MESSAGE
  }

  /** Begins to hand the lines that are typed to the talk. */
  void start(Talk talk);

  /** Says what the next line will be; before the first call it is nothing. */
  void want(Want want);

  /** Shows a line, in which nothing can drive a terminal. */
  void show(Tone tone, String harmless);

  /** Shows a line that is not part of the talk. */
  void diagnose(String harmless);

  /** Shows what is still to be shown, and then runs the task, on any thread. */
  void close(Runnable then);
}
