package io.netloop.template;

import java.util.LinkedHashMap;

/** An error as a template sees it: an object with a name and a message. */
final class ErrorObject extends LinkedHashMap<String, Object> {
  private static final long serialVersionUID = 1;

  ErrorObject(String name, String message) {
    put("name", name);
    put("message", message);
  }

  String message() {
    return Values.text(getOrDefault("message", ""));
  }

  @Override
  public String toString() {
    String message = message();
    String name = Values.text(getOrDefault("name", "Error"));
    return message.isEmpty() ? name : name + ": " + message;
  }
}
