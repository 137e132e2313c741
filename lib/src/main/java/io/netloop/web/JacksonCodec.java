package io.netloop.web;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson, as it comes. */
final class JacksonCodec implements JsonCodec {
  static final JsonCodec SHARED = new JacksonCodec();

  private final ObjectMapper mapper = JsonMapper.builder().build();

  @Override
  public byte[] write(@Nullable Object value) {
    return mapper.writeValueAsBytes(value);
  }

  @Override
  public <T> T read(byte[] json, int from, int length, Class<T> type) {
    try {
      return mapper.readValue(json, from, length, type);
    } catch (JacksonException wrong) {
      throw refused(wrong);
    }
  }

  @Override
  public <T> T convert(Object value, Class<T> type) {
    try {
      return mapper.convertValue(value, type);
    } catch (JacksonException wrong) {
      throw refused(wrong);
    }
  }

  private static WebException refused(JacksonException wrong) {
    TokenStreamLocation place = wrong.getLocation();
    String where =
        place == null || place.getLineNr() < 1
            ? ""
            : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
    boolean isJson = wrong instanceof DatabindException;
    return new WebException(
        400,
        isJson ? "ERR_JSON_TYPE" : "ERR_JSON",
        (isJson ? "The JSON does not fit" : "The body is no JSON")
            + where
            + ": "
            + wrong.getOriginalMessage(),
        wrong);
  }
}
