package io.netloop.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.security.KeyStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What objects of Java show to a template: getters and parts of records, and nothing else. */
class ShapesTest {
  /** What has a name. */
  public interface Named {
    String getName();

    default String getGreeting() {
      return "Hello " + getName();
    }
  }

  private static final class Secretive implements Named {
    @Override
    public String getName() {
      return "hidden class";
    }
  }

  /** The upper class. */
  public static class Animal {
    public String getKind() {
      return "animal";
    }

    public Object getOther() {
      return "of animal";
    }

    protected String getProtected() {
      return "protected";
    }

    String getOfPackage() {
      return "package";
    }
  }

  /** A class that overrides and narrows. */
  public static final class Dog extends Animal implements Named {
    public final String field = "a field";

    @Override
    public String getKind() {
      return "dog";
    }

    @Override
    public String getOther() {
      return "of dog";
    }

    @Override
    public String getName() {
      return "Rex";
    }

    public Boolean isGood() {
      return true;
    }

    public String isText() {
      return "no boolean";
    }

    public boolean is() {
      return true;
    }

    public String get() {
      return "nothing";
    }

    public void getVoid() {}

    public String getX() {
      return "x";
    }

    public String getURLPath() {
      return "url";
    }

    public String issue() {
      return "no boolean";
    }

    public Optional<String> getMaybe() {
      return Optional.of("perhaps");
    }

    public int[] getNumbers() {
      return new int[] {1, 2};
    }

    public Dog getSelf() {
      return this;
    }

    public Collection<String> getAll() {
      return List.of("a");
    }
  }

  /** What opens ways into the machine. */
  @SuppressWarnings("DoNotCallSuggester")
  public static final class Dangerous {
    public Class<?> getType() {
      return String.class;
    }

    public Object getTypeAsObject() {
      return String.class;
    }

    public Object getLoader() {
      return ClassLoader.getSystemClassLoader();
    }

    public Object getThread() {
      return Thread.currentThread();
    }

    public Object getRuntime() {
      return Runtime.getRuntime();
    }

    public Module getModule() {
      return Object.class.getModule();
    }

    public Object getLookup() {
      return MethodHandles.publicLookup();
    }

    public Object getMethod() throws NoSuchMethodException {
      return String.class.getMethod("length");
    }

    public Object getStore() throws java.security.KeyStoreException {
      return KeyStore.getInstance("PKCS12");
    }

    public Process getProcess() {
      throw new AssertionError("it was called");
    }
  }

  /** Getters that throw. */
  @SuppressWarnings("DoNotCallSuggester")
  public static final class Broken {
    public String getChecked() throws IOException {
      throw new IOException("the disk is gone");
    }

    public String getUnchecked() {
      throw new IllegalStateException("not now");
    }

    public String getTemplate() {
      return Templates.render("{{missing.x}}", null);
    }
  }

  record Generic<T>(T value, List<T> all) {
    public String getExtra() {
      return "no part";
    }

    String upper() {
      return "no part";
    }
  }

  private static String render(String source, Object value) {
    Map<String, Object> data = new HashMap<>();
    data.put("v", value);
    return Templates.render(source, data);
  }

  @Test
  void gettersOfAllAncestorsAreParts() {
    assertThat(render("{{v.kind}} {{v.other}} {{v.name}} {{v.greeting}}", new Dog()))
        .isEqualTo("dog of dog Rex Hello Rex");
    assertThat(render("{{v.kind}} {{v.other}}", new Animal())).isEqualTo("animal of animal");
  }

  @Test
  void namesFollowTheRulesOfBeans() {
    assertThat(render("{{v.x}} {{v.URLPath}} {{v.good}} {{v.maybe}}", new Dog()))
        .isEqualTo("x url true perhaps");
    assertThat(
            render("[{{v.text}}{{v.field}}{{v.void}}{{v.sue}}{{v.uRLPath}}{{v['']}}]", new Dog()))
        .isEqualTo("[]");
    assertThat(render("[{{v.protected}}{{v.ofPackage}}{{v.class}}]", new Dog())).isEqualTo("[]");
  }

  @Test
  void partsArePropertiesLikeThoseOfMaps() {
    assertThat(render("{{'kind' in v}} {{'nope' in v}} {{v['kind']}} {{v.numbers[1]}}", new Dog()))
        .isEqualTo("true false dog 2");
    assertThat(render("{{@$imports.Object.keys(v)}}", new Dog()))
        .isEqualTo("URLPath,all,good,greeting,kind,maybe,name,numbers,other,self,x");
    assertThat(
            render("{{v.self.self.self.name}} {{v.all[0]}} {{v.hasOwnProperty('x')}}", new Dog()))
        .isEqualTo("Rex a true");
    assertThat(
            render("<% var {name, ...rest} = v %>{{name}} {{rest.kind}} {{rest.name}}", new Dog()))
        .isEqualTo("Rex dog ");
    assertThat(render("{{ {...v}.kind }} {{typeof v}} {{v + ''}}", new Dog()))
        .isEqualTo("dog object [object Object]");
  }

  @Test
  void aPartIsReadAnewFromEachClassThatPassesBy() {
    List<Object> mixed =
        List.of(
            new Dog(),
            Map.of("name", "of a map"),
            new Secretive(),
            new Generic<>(1, List.of()),
            "s",
            5);

    assertThat(render("{{each v}}{{$value.name}};{{/each}}", mixed))
        .isEqualTo("Rex;of a map;hidden class;;;;");
    assertThat(render("{{each v}}{{$value?.name?.length}};{{/each}}", mixed))
        .isEqualTo("3;8;12;;;;");
  }

  @Test
  void aPartIsReadFromManyObjectsOfOneClass() {
    assertThat(
            render("{{each v}}{{$value.name}}{{/each}}", List.of(new Dog(), new Dog(), new Dog())))
        .isEqualTo("RexRexRex");
    assertThat(
            render(
                "{{each v d}}{{each d.all x}}{{d.name}}{{x}}{{/each}}{{/each}}",
                List.of(new Dog(), new Dog())))
        .isEqualTo("RexaRexa");
    assertThat(render("{{v.map(d => d.name)}}", List.of(new Dog(), new Secretive(), new Dog())))
        .isEqualTo("[&#34;Rex&#34;,&#34;hidden class&#34;,&#34;Rex&#34;]");
  }

  @Test
  void privateClassesShowTheirPublicGetters() {
    assertThat(render("{{v.name}} {{v.greeting}}", new Secretive()))
        .isEqualTo("hidden class Hello hidden class");
    assertThat(
            render(
                "{{v.name}}",
                new Named() {
                  @Override
                  public String getName() {
                    return "anonymous class";
                  }
                }))
        .isEqualTo("anonymous class");
  }

  @Test
  void recordsShowTheirPartsOnly() {
    Generic<String> record = new Generic<>("a", List.of("b"));

    assertThat(render("{{v.value}} {{v.all[0]}} [{{v.extra}}{{v.upper}}]", record))
        .isEqualTo("a b []");
    assertThat(render("{{@v}}", record)).isEqualTo("{\"value\":\"a\",\"all\":[\"b\"]}");
    assertThatThrownBy(() -> render("{{v.upper()}}", record))
        .hasMessageEndingWith("v.upper is not a function");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type",
        "typeAsObject",
        "loader",
        "thread",
        "runtime",
        "module",
        "lookup",
        "method",
        "store",
        "process"
      })
  void nothingThatOpensAWayIsShown(String part) {
    assertThat(render("[{{v." + part + "}}]", new Dangerous())).isEqualTo("[]");
    assertThat(render("[{{v['" + part + "']}}]", new Dangerous())).isEqualTo("[]");
    assertThat(render("{{typeof v." + part + "}}", new Dangerous())).isEqualTo("undefined");
  }

  @Test
  void objectsOfTheJdkShowLittle() throws Exception {
    assertThat(render("[{{v.contextClassLoader}}{{v.name}}]", Thread.currentThread()))
        .isEqualTo("[]");
    assertThat(render("[{{v.host}}{{v.path}}]", URI.create("http://h/p"))).isEqualTo("[h/p]");
    assertThat(render("[{{v.content}}{{v.host}}]", URI.create("http://h/p").toURL()))
        .isEqualTo("[]");
    assertThat(render("{{v.key}}={{v.value}}", Map.entry("k", 1))).isEqualTo("k=1");
    assertThat(render("[{{v.inputStream}}{{v.pid}}]", ProcessHandle.current())).isEqualTo("[]");
    assertThat(render("[{{v.classLoader}}]", ShapesTest.class)).isEqualTo("[]");
  }

  @Test
  void whatAGetterThrowsIsToldWithItsName() {
    assertThatThrownBy(() -> render("{{v.checked}}", new Broken()))
        .hasMessageContaining("reading 'checked' of a Broken failed: ")
        .hasMessageContaining("the disk is gone")
        .hasRootCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> render("{{v.unchecked}}", new Broken()))
        .hasMessageEndingWith(
            "reading 'unchecked' of a Broken failed: java.lang.IllegalStateException: not now");
    assertThatThrownBy(() -> render("{{v.template}}", new Broken()))
        .hasMessageContaining("Cannot read properties of undefined (reading 'x')");
    assertThat(render("<% try { v.unchecked } catch (e) { %>caught<% } %>", new Broken()))
        .isEqualTo("caught");
  }

  @Test
  void treesOfJsonAreReadInAllTheirKinds() {
    JsonNode tree =
        JsonMapper.shared()
            .readTree(
                "{\"i\":1,\"d\":1.5,\"b\":12345678901234567890,\"t\":\"x\",\"y\":true,\"l\":[{\"k\":[]}]}");

    assertThat(
            render(
                "{{v.i + 1}} {{v.d * 2}} {{v.b}} {{v.t.length}} {{v.y}} {{v.l[0].k.length}}", tree))
        .isEqualTo("2 3 12345678901234567890 1 true 0");
    assertThat(render("{{'i' in v}} {{'z' in v}} {{v.l.map(x => typeof x)}}", tree))
        .isEqualTo("true false [&#34;object&#34;]");
    assertThat(render("{{@v}}", tree)).isEqualTo(tree.toString());
    assertThat(render("{{v}}", JsonNodeFactory.instance.stringNode("<"))).isEqualTo("&#60;");
    assertThat(render("[{{v}}]{{@v}}", JsonNodeFactory.instance.missingNode()))
        .isEqualTo("[]undefined");
    assertThat(render("[{{v}}]{{@v}}", JsonNodeFactory.instance.nullNode())).isEqualTo("[]null");
    assertThatThrownBy(() -> render("<% v.i = 2 %>", tree))
        .hasMessageContaining("cannot be changed");
    assertThatThrownBy(() -> render("<% v.l.push(2) %>", tree))
        .hasMessageContaining("cannot be changed by push");
  }
}
