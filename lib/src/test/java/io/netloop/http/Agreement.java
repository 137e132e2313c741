package io.netloop.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * That the parser and the grammar find the same in what a client sends: the same requests, byte for
 * byte, ending at the same places, and the same answer to what is wrong.
 *
 * <p>It is a target for Jazzer as it stands. Not in the build, since Jazzer's agent watches all
 * that runs beside it: with {@code jazzer} and the tests on the class path, {@code java
 * com.code_intelligence.jazzer.Jazzer --target_class=io.netloop.http.Agreement
 * --instrumentation_includes=io.netloop.http.*}.
 */
public final class Agreement {
  private static final int MAX_HEAD = 400;
  private static final int MAX_FIELDS = 8;

  private Agreement() {}

  /** Jazzer's entry: the first byte says how many of the next are places of cuts. */
  public static void fuzzerTestOneInput(byte[] input) {
    int count = input.length == 0 ? 0 : input[0] & 3;
    if (input.length < count + 1) {
      return;
    }
    String text =
        new String(input, count + 1, input.length - count - 1, StandardCharsets.ISO_8859_1);
    int[] cuts = new int[count];
    for (int i = 0; i < count; i++) {
      cuts[i] = Math.min(text.length(), input[i + 1] & 0xff);
    }
    Arrays.sort(cuts);
    check(text, cuts, "fuzzed");
  }

  /** Compares both; returns whether they found nothing wrong. */
  static boolean check(String text, int[] cuts, String which) {
    ReferenceParser wanted = new ReferenceParser(text, MAX_HEAD, MAX_FIELDS);
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    Recorder found = Recorder.read(bytes, MAX_HEAD, MAX_FIELDS, cuts);
    String about =
        "%s, cut at %s: <%s>".formatted(which, Arrays.toString(cuts), text.replace("\r\n", "~"));

    assertThat(found.status == 0).describedAs("accepted, %s", about).isEqualTo(wanted.status == 0);
    assertThat(found.messages).describedAs("messages, %s", about).isEqualTo(wanted.messages);
    // Where more should have come, or it is too long, the parser may see another fault first.
    if (!wanted.cut && wanted.status != 431 && found.status != 431) {
      assertThat(found.status).describedAs("status, %s", about).isEqualTo(wanted.status);
    }
    return found.status == 0;
  }
}
