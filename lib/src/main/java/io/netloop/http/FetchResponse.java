package io.netloop.http;

import io.netloop.loop.Buffer;
import java.util.function.Function;

/**
 * What {@link Http#fetch} has got, with the whole body. <i>Immutable.</i>
 *
 * @see <a href="https://fetch.spec.whatwg.org/#response-class">Fetch standard: Response</a>
 */
public final class FetchResponse {
  private final int status;
  private final String statusText;
  private final Headers headers;
  private final String url;
  private final boolean redirected;
  private final Buffer body;

  FetchResponse(ClientResponse response, String url, boolean redirected, Buffer body) {
    this.status = response.statusCode();
    this.statusText = response.statusMessage();
    this.headers = response.headers();
    this.url = url;
    this.redirected = redirected;
    this.body = body;
  }

  /** The status, for example 200 or 404. */
  public int status() {
    return status;
  }

  /** What the server says with the status; perhaps nothing. */
  public String statusText() {
    return statusText;
  }

  /** Whether the status is one of success: 200 to 299. */
  public boolean ok() {
    return status >= 200 && status <= 299;
  }

  /** The headers as they came: they speak of the body before it was decoded. */
  public Headers headers() {
    return headers;
  }

  /** The URL that has answered in the end, without its fragment. */
  public String url() {
    return url;
  }

  /** Whether that is another than the one asked for. */
  public boolean redirected() {
    return redirected;
  }

  /** The body, decoded. */
  public Buffer bytes() {
    return body;
  }

  /**
   * The body as UTF-8, whatever the headers say (as the Fetch standard has it), a byte order mark
   * left out; what is no UTF-8 becomes U+FFFD.
   */
  public String text() {
    String text = body.toString();
    return !text.isEmpty() && text.charAt(0) == '\uFEFF' ? text.substring(1) : text;
  }

  /**
   * The body's text, read by a JSON library of the program's choice.
   *
   * <pre>{@code
   * Map<?, ?> map = response.json(text -> mapper.readValue(text, Map.class));
   * }</pre>
   */
  public <T> T json(Function<String, T> reader) {
    return reader.apply(text());
  }

  @Override
  public String toString() {
    return status + " from " + url;
  }
}
