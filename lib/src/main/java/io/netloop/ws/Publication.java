package io.netloop.ws;

/**
 * What is sent to all who have subscribed to a topic. <i>Immutable.</i>
 *
 * @param prepared framed once for all of them
 */
record Publication(String topic, PreparedMessage prepared) {
  /** How many bytes the message has. */
  int length() {
    return prepared.message().length();
  }
}
