package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A page is written into the memory that the one before it has left. */
class TemplateMemoryTest {
  private final Template template = Templates.compile("[{{v}}{{inner && inner.page}}]");

  /** Renders a page of the same template while a page is being rendered. */
  public final class Inner {
    public String getPage() {
      return template.render(Map.of("v", "inner"));
    }
  }

  @Test
  void nothingOfALongerPageIsInTheNext() {
    assertThat(template.render(Map.of("v", "x".repeat(5000)))).hasSize(5002);
    assertThat(template.render(Map.of("v", "short"))).isEqualTo("[short]");
  }

  @Test
  void aPageWithinAPageHasMemoryOfItsOwn() {
    String before = template.render(Map.of("v", "before"));

    String page = template.render(Map.of("v", "outer ", "inner", new Inner()));

    assertThat(page).isEqualTo("[outer [inner]]");
    assertThat(before).isEqualTo("[before]");
  }

  @Test
  void wideAndNarrowPagesTakeTurns() {
    for (int i = 0; i < 3; i++) {
      assertThat(template.render(Map.of("v", "你好" + i))).isEqualTo("[你好" + i + "]");
      assertThat(template.render(Map.of("v", "narrow" + i))).isEqualTo("[narrow" + i + "]");
      assertThat(template.render(Map.of("v", i))).isEqualTo("[" + i + "]");
    }
  }

  @Test
  void aFunctionThatOutlivesItsPageWritesIntoNoOther() {
    AtomicReference<TemplateFunction> kept = new AtomicReference<>();
    TemplateFunction keep = Objects::requireNonNull;
    Template page = Templates.compile("[{{v}}<% keep(() => { %>late<% }) %>{{again()}}]");
    TemplateFunction nothing = arguments -> "";

    page.render(Map.of("v", "first", "keep", keeper(kept), "again", nothing));
    TemplateFunction late = kept.get();
    TemplateFunction again =
        arguments -> {
          late.call();
          return "";
        };
    String second = page.render(Map.of("v", "x".repeat(40), "keep", keep, "again", again));

    assertThat(second).isEqualTo("[" + "x".repeat(40) + "]");
  }

  private static TemplateFunction keeper(AtomicReference<TemplateFunction> kept) {
    return arguments -> {
      kept.set((TemplateFunction) arguments[0]);
      return "";
    };
  }

  @Test
  void aPageThatFailsLeavesNothingBehind() {
    Template failing = Templates.compile("<{{v}}{{v.length > 3 ? none.at : ''}}>");

    assertThat(failing.render(Map.of("v", "abc"))).isEqualTo("<abc>");
    assertThatThrownBy(() -> failing.render(Map.of("v", "abcdef")))
        .isInstanceOf(TemplateError.class);
    assertThat(failing.render(Map.of("v", "xy"))).isEqualTo("<xy>");
  }
}
