package io.netloop.web;

import org.jspecify.annotations.Nullable;

/**
 * How an {@link App} makes JSON of values, and values of JSON. Of use to who wants another library
 * or other rules than the default, which is Jackson's. <i>Thread-safe:</i> to be implemented so.
 *
 * @see App#json(JsonCodec)
 */
public interface JsonCodec {
  /**
   * A value as JSON in UTF-8.
   *
   * @throws RuntimeException where it can't be written
   */
  byte[] write(@Nullable Object value);

  /**
   * JSON as a value: maps, lists, texts, numbers, booleans, null; or of the type that is asked for.
   *
   * @throws WebException 400 where it is no JSON, or not of that type, with a sentence that says
   *     where and what
   */
  <T> T read(byte[] json, int from, int length, Class<T> type);

  /**
   * A value that was read, as one of another type.
   *
   * @throws WebException 400 where it is none
   */
  <T> T convert(Object value, Class<T> type);
}
