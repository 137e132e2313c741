package io.netloop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Users who enter a chat room, of whom some talk. For one thread. */
final class Talk {
  private static final String TEXT = "hello everybody in this room, how are you doing today? ";

  /** In the answer to a login. */
  private static final String LET_IN = "\"success\":true";

  private final Connections connections;
  private final Speech speech;
  private final Hearing hearing;
  private int messages;

  /** What was heard first of the first message, which all must hear alike. */
  private byte[] delivered = {};

  private Talk(Connections connections, Speech speech) {
    this.connections = connections;
    this.speech = speech;
    hearing = new Hearing(connections, speech.units());
  }

  /**
   * Has all come in, and some begin to talk.
   *
   * @param talkers how many of the users talk, 1 to 16
   * @param ahead how many messages each has under way
   */
  static Crowd open(int port, int users, int talkers, int ahead, Speech speech) throws IOException {
    Connections connections = speech.connect(port, users);
    try {
      Talk talk = new Talk(connections, speech);
      talk.login();
      List<Utterance> utterances = new ArrayList<>();
      for (int i = 0; i < talkers; i++) {
        utterances.add(speech.says(connections, TEXT + Crowd.mark(i)));
      }
      Crowd.Delivery delivery = talk.first(utterances.getFirst());
      return new Crowd(connections, talk.hearing, utterances, ahead, delivery, speech.lifeSign());
    } catch (IOException e) {
      connections.close();
      throw e;
    }
  }

  /** All come in one after the other; each is answered, and those who came before are told. */
  private void login() throws IOException {
    for (int i = 0; i < connections.size(); i++) {
      byte[] login = speech.login("user-%04d".formatted(i));
      connections.sendAll(i, Opening.copy(connections, login));
      int newcomer = i;
      messages = 0;
      while (messages <= i) {
        hearing.await((connection, bytes, from, to) -> {
          if (connection == newcomer) {
            String answer = string(Arrays.copyOfRange(bytes, from, to));
            if (!answer.contains(LET_IN)) {
              throw new IOException("it does not let a user in: " + answer.strip());
            }
          }
          messages++;
        });
      }
    }
  }

  /** The first message: all must hear it, and all the same. */
  private Crowd.Delivery first(Utterance utterance) throws IOException {
    String text = TEXT + Crowd.mark(0);
    connections.sendAll(0, utterance.next());
    messages = 0;
    while (messages < connections.size()) {
      hearing.await((connection, bytes, from, to) -> {
        byte[] message = Arrays.copyOfRange(bytes, from, to);
        if (string(message).contains(text)) {
          compare(message);
          messages++;
        }
      });
    }
    int mark = string(delivered).indexOf(text) + TEXT.length();
    return new Crowd.Delivery(delivered.length, mark);
  }

  private void compare(byte[] message) throws IOException {
    if (delivered.length == 0) {
      delivered = message;
    } else if (!Arrays.equals(delivered, message)) {
      throw new IOException(
          "it told one '%s' and another '%s'".formatted(string(delivered), string(message)));
    }
  }

  /** A character for each byte, so that places are the same. */
  private static String string(byte[] message) {
    return new String(message, StandardCharsets.ISO_8859_1);
  }
}
