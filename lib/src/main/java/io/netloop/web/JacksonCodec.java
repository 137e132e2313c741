package io.netloop.web;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson, as it comes. */
final class JacksonCodec implements JsonCodec {
  static final JsonCodec SHARED = new JacksonCodec();

  /** So many characters of a value that does not fit are shown. */
  private static final int MOST_SHOWN = 60;

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
    if (wrong instanceof DatabindException misfit) {
      // Jackson's own sentence names classes of the program, which are none of the client's
      // business.
      return new WebException(
          400,
          "ERR_JSON_TYPE",
          "The JSON does not fit" + where + path(misfit) + value(misfit) + ".",
          wrong);
    }
    return new WebException(
        400, "ERR_JSON", "The body is no JSON" + where + ": " + wrong.getOriginalMessage(), wrong);
  }

  private static String value(DatabindException misfit) {
    if (!(misfit instanceof InvalidFormatException found)) {
      return "";
    }
    String value = String.valueOf(found.getValue());
    return ": not " + (value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value);
  }

  private static String path(DatabindException misfit) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : misfit.getPath()) {
      String name = step.getPropertyName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.isEmpty() ? "" : ", in " + path;
  }
}
