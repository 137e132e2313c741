package io.netloop.tls;

import java.util.Map;

/**
 * The handshakes of a server so far. <i>Immutable.</i>
 *
 * @param underWay those that have begun and are not done
 * @param succeeded those that are done
 * @param resumed those of them that went on with an earlier session
 * @param failed those that have failed, by the error's code
 */
public record TlsStats(long underWay, long succeeded, long resumed, Map<String, Long> failed) {
  /** All that have failed. */
  public long failures() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }
}
