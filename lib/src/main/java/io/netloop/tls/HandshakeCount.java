package io.netloop.tls;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts a server's handshakes. <i>Thread-safe.</i> */
final class HandshakeCount {
  private final LongAdder begun = new LongAdder();
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();

  void begun() {
    begun.increment();
  }

  void succeeded(boolean again) {
    succeeded.increment();
    if (again) {
      resumed.increment();
    }
  }

  void failed(String code) {
    failed.computeIfAbsent(code, unknown -> new LongAdder()).increment();
  }

  TlsStats stats() {
    Map<String, Long> byCode = new TreeMap<>();
    failed.forEach((code, count) -> byCode.put(code, count.sum()));
    long done = succeeded.sum();
    long failures = byCode.values().stream().mapToLong(Long::longValue).sum();
    return new TlsStats(
        Math.max(0, begun.sum() - done - failures), done, resumed.sum(), Map.copyOf(byCode));
  }
}
