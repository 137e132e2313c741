package io.netloop.tls;

/**
 * Puts the records of dns-01 challenges into a zone, by whatever interface its provider has. It is
 * called on a virtual thread and may block.
 */
public interface AcmeDnsHook {
  /**
   * Adds a TXT record, and returns when the zone's servers answer with it. Several values may be
   * asked for the same record: all have to be there at once.
   *
   * @param record the record's name, for example {@code _acme-challenge.chat.example.org}
   * @param value the text
   * @throws Exception to give up this order; it is logged, and tried again later
   */
  void add(String record, String value) throws Exception;

  /** Takes it away again, after the challenge, however that went. */
  default void remove(String record, String value) throws Exception {}
}
