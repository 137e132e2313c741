package io.netloop.cli;

import io.netloop.chat.ChatClientOptions;
import io.netloop.chat.FoundRoom;
import io.netloop.loop.NetException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code ./netloop join} goes if it is told no address: to the only room that was found, to
 * the one that its user picks of several, and to this machine where there is none. What it says
 * about that is no part of the talk.
 */
final class RoomChoice {
  /** There are never as many rooms as need more digits. */
  private static final String NUMBER = "[0-9]{1,3}";

  /** Who can be asked. */
  interface User {
    /** The line that is the answer; null where the user leaves instead. */
    @Nullable String answer(String question);
  }

  private final Texts texts;
  private final PrintWriter out;

  /**
   * A choice.
   *
   * @param out where it tells its user what it does
   */
  RoomChoice(Texts texts, PrintWriter out) {
    this.texts = texts;
    this.out = out;
  }

  /**
   * Chooses without asking, as programs need it.
   *
   * @throws NetException {@code ERR_SEVERAL_ROOMS} if there is more than one: whoever is not there
   *     to be asked must not end up among strangers
   */
  ChatClientOptions alone(List<FoundRoom> rooms) {
    if (rooms.size() > 1) {
      list(rooms);
      throw new NetException(
          "ERR_SEVERAL_ROOMS",
          "there are %d rooms, and nobody to choose one: name it, for example ./netloop join %s."
              .formatted(rooms.size(), rooms.getFirst().address()));
    }
    return rooms.isEmpty() ? here() : join(rooms.getFirst());
  }

  /** Asks which, if there are several; null where the user leaves instead of an answer. */
  @Nullable ChatClientOptions asked(List<FoundRoom> rooms, User user) {
    if (rooms.size() <= 1) {
      return alone(rooms);
    }
    list(rooms);
    String answer = user.answer(texts.askRoom(rooms.size()));
    while (answer != null) {
      String digits = answer.strip();
      int number = digits.matches(NUMBER) ? Integer.parseInt(digits) : 0;
      if (number >= 1 && number <= rooms.size()) {
        return join(rooms.get(number - 1));
      }
      answer = user.answer(texts.askRoom(rooms.size()));
    }
    return null;
  }

  private void list(List<FoundRoom> rooms) {
    say(texts.severalRooms(rooms.size()));
    for (int i = 0; i < rooms.size(); i++) {
      say("%3d  %s".formatted(i + 1, texts.room(rooms.get(i))));
    }
  }

  private ChatClientOptions join(FoundRoom room) {
    say(texts.joining(room));
    return ChatClientOptions.defaults().withHost(room.host()).withPort(room.port());
  }

  private ChatClientOptions here() {
    ChatClientOptions here = ChatClientOptions.defaults();
    say(texts.noRoom(here.host() + ":" + here.port()));
    return here;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
