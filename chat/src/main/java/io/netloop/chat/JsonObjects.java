package io.netloop.chat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Opens JSON texts that a peer has sent, of which each must be one object. It never throws.
 * <i>Thread-safe.</i>
 *
 * <p>The bytes must be UTF-8 without fault (RFC 8259 §8.1): a replaced character would be a text
 * that nobody sent.
 */
final class JsonObjects {
  private final JsonFactory json;

  /** For texts of at most this many bytes. */
  JsonObjects(int maxBytes) {
    json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_DEPTH)
                    .maxDocumentLength(maxBytes)
                    .maxStringLength(maxBytes)
                    .maxNameLength(maxBytes)
                    .maxNumberLength(maxBytes)
                    .build())
            // A table of every name that peers have ever sent would be theirs to fill.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();
  }

  /**
   * What the text says.
   *
   * @param fields is handed the parser behind the object's opening brace, and reads up to and with
   *     the closing one
   * @param unreadable is told in a few words why there is no such object
   */
  <T> T read(byte[] text, Function<JsonParser, T> fields, Function<String, T> unreadable) {
    CharBuffer characters;
    try {
      // A decoder reports what it cannot decode, where a String would silently replace it.
      characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      return unreadable.apply("not UTF-8");
    }
    try (JsonParser parser =
        json.createParser(
            ObjectReadContext.empty(),
            characters.array(),
            characters.arrayOffset(),
            characters.remaining())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return unreadable.apply("not a JSON object");
      }
      T read = fields.apply(parser);
      return parser.nextToken() == null ? read : unreadable.apply("more than one JSON text");
    } catch (JacksonException e) {
      return unreadable.apply("not JSON");
    }
  }
}
