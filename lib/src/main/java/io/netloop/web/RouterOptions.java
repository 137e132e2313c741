package io.netloop.web;

/**
 * How a router reads paths. <i>Immutable.</i>
 *
 * @param caseSensitive whether {@code /Users} is another path than {@code /users}; false by default
 * @param strict whether {@code /users/} is another path than {@code /users}; false by default
 * @param mergeParams whether the parameters of the path that the router is mounted at are seen
 *     inside it; false by default
 * @see <a href="https://expressjs.com/en/5x/api.html#express.router">Express: express.Router</a>
 */
public record RouterOptions(boolean caseSensitive, boolean strict, boolean mergeParams) {
  private static final RouterOptions DEFAULTS = new RouterOptions(false, false, false);

  /** All false. */
  public static RouterOptions defaults() {
    return DEFAULTS;
  }

  public RouterOptions withCaseSensitive(boolean on) {
    return new RouterOptions(on, strict, mergeParams);
  }

  public RouterOptions withStrict(boolean on) {
    return new RouterOptions(caseSensitive, on, mergeParams);
  }

  public RouterOptions withMergeParams(boolean on) {
    return new RouterOptions(caseSensitive, strict, on);
  }
}
