package io.netloop.bench;

import java.io.IOException;

/** Where in a stream of bytes one message ends and the next begins. */
interface Units {
  /** More bytes must come. */
  int INCOMPLETE = -1;

  /** A line end ends each. */
  Units LINES =
      (bytes, from, to) -> {
        for (int i = from; i < to; i++) {
          if (bytes[i] == '\n') {
            return i + 1;
          }
        }
        return INCOMPLETE;
      };

  /** Each is a WebSocket frame of a server. */
  Units FRAMES = Frames::end;

  /** Where the message ends that begins at {@code from}, or {@link #INCOMPLETE}. */
  int end(byte[] bytes, int from, int to) throws IOException;
}
