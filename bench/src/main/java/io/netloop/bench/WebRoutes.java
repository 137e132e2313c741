package io.netloop.bench;

import java.nio.charset.StandardCharsets;

/**
 * The hundred routes that every web framework of the bench has: fifty lists, and fifty elements.
 */
final class WebRoutes {
  static final int RESOURCES = 50;

  /** In the middle, for those who walk through a list. */
  static final String ASKED = "/api/v1/resource25/42";

  static final byte[] ANSWER = "{\"id\":\"42\"}".getBytes(StandardCharsets.US_ASCII);

  private WebRoutes() {}

  /** The path of a resource's list. */
  static String list(int resource) {
    return "/api/v1/resource" + resource;
  }
}
