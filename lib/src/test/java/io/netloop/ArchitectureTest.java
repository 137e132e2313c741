package io.netloop;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The structure that ARCHITECTURE.md promises. */
class ArchitectureTest {

  /** Each package with those it may use: one line, with the template language beside it. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "engine", Set.of(),
          "loop", Set.of("engine"),
          "net", Set.of("engine", "loop"),
          "dgram", Set.of("engine", "loop", "net"),
          "tls", Set.of("engine", "loop", "net", "dgram"),
          "http", Set.of("engine", "loop", "net", "dgram", "tls"),
          "ws", Set.of("engine", "loop", "net", "dgram", "tls", "http"),
          "web", Set.of("engine", "loop", "net", "dgram", "tls", "http", "ws", "template"),
          "template", Set.of());

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.netloop");

  @Test
  void packagesDependInOneLine() {
    MAY_USE.forEach((name, allowed) -> {
      String[] forbidden =
          MAY_USE.keySet().stream()
              .filter(other -> !other.equals(name) && !allowed.contains(other))
              .map(other -> "io.netloop." + other + "..")
              .toArray(String[]::new);
      check(
          noClasses()
              .that()
              .resideInAPackage("io.netloop." + name + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(forbidden));
    });
  }

  @Test
  void everyPackageHasItsPlaceInTheLine() {
    Set<String> packages =
        LIBRARY.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("io.netloop."))
            .collect(toSet());

    assertThat(packages)
        .isNotEmpty()
        .isSubsetOf(MAY_USE.keySet().stream().map("io.netloop."::concat).toList());
  }

  @Test
  void noPackageIsNamedAfterNothing() {
    check(
        noClasses()
            .should()
            .resideInAnyPackage(
                "..impl..", "..internal..", "..util..", "..common..", "..helper.."));
  }

  @Test
  void noExportedSignatureShowsNetty() throws IOException {
    Set<String> exported = exportedPackages();
    List<String> found = new ArrayList<>();
    for (JavaClass type : LIBRARY) {
      if (exported.contains(type.getPackageName()) && isVisible(type)) {
        signatureTypes(type)
            .filter(used -> used.getPackageName().startsWith("io.netty"))
            .forEach(used -> found.add(type.getName() + " shows " + used.getName()));
      }
    }

    assertThat(exported).isNotEmpty().doesNotContain("io.netloop.engine");
    assertThat(found).isEmpty();
  }

  @Test
  void timeIsReadInOnePlace() {
    check(
        noClasses()
            .that(
                describe(
                    "are not Clock", (JavaClass type) -> !isIn(type, "io.netloop.engine.Clock")))
            .should()
            .accessTargetWhere(
                touches(System.class, "nanoTime").or(touches(System.class, "currentTimeMillis")))
            .because("time is read once per turn, and the test kit brings its own"));
  }

  @Test
  void nothingSleeps() {
    check(
        noClasses()
            .should()
            .accessTargetWhere(touches(Thread.class, "sleep"))
            .because("a loop's thread serves every connection: use a timer"));
  }

  @Test
  void standardStreamsHaveOneHome() {
    check(
        noClasses()
            .that(
                describe("are not Stdio", (JavaClass type) -> !isIn(type, "io.netloop.loop.Stdio")))
            .should()
            .accessTargetWhere(
                touches(System.class, "out")
                    .or(touches(System.class, "err"))
                    .or(touches(System.class, "in"))
                    .or(describe("java.lang.IO", access -> isOwnedBy(access, IO.class))))
            .because("a loop's output goes through Stdio, or to the log"));
  }

  private static void check(ArchRule rule) {
    // Packages of later releases are in the rules already.
    rule.allowEmptyShould(true).check(LIBRARY);
  }

  private static DescribedPredicate<JavaAccess<?>> touches(Class<?> owner, String member) {
    return describe(
        owner.getSimpleName() + "." + member,
        access -> isOwnedBy(access, owner) && access.getTarget().getName().equals(member));
  }

  private static boolean isOwnedBy(JavaAccess<?> access, Class<?> owner) {
    return access.getTargetOwner().isEquivalentTo(owner);
  }

  private static boolean isIn(JavaClass type, String topLevel) {
    return type.getName().equals(topLevel) || type.getName().startsWith(topLevel + "$");
  }

  private static Set<String> exportedPackages() throws IOException {
    for (URL url : Collections.list(ClassLoader.getSystemResources("module-info.class"))) {
      try (InputStream in = url.openStream()) {
        ModuleDescriptor module = ModuleDescriptor.read(in);
        if (module.name().equals("io.netloop")) {
          return module.exports().stream()
              .filter(exports -> !exports.isQualified())
              .map(ModuleDescriptor.Exports::source)
              .collect(toSet());
        }
      }
    }
    throw new AssertionError("the library's module-info.class is not on the class path");
  }

  /** Whether code outside the package can name the type. */
  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  /** What somebody sees who uses or extends the type, with what it inherits inside the library. */
  private static Stream<JavaClass> signatureTypes(JavaClass type) {
    Stream<JavaType> declared =
        Stream.of(
                type.getSuperclass().stream(),
                type.getInterfaces().stream(),
                type.getTypeParameters().stream())
            .flatMap(types -> types);
    Stream<JavaType> members =
        type.getAllMembers().stream()
            .filter(member -> member.getOwner().getPackageName().startsWith("io.netloop"))
            .filter(member -> isVisible(member.getModifiers()))
            .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
            .flatMap(ArchitectureTest::memberTypes);
    return Stream.concat(declared, members).flatMap(used -> used.getAllInvolvedRawTypes().stream());
  }

  private static Stream<JavaType> memberTypes(JavaMember member) {
    if (member instanceof JavaCodeUnit unit) {
      return Stream.of(
              Stream.of(unit.getReturnType()),
              unit.getParameterTypes().stream(),
              unit.getTypeParameters().stream(),
              unit.getExceptionTypes().stream())
          .flatMap(types -> types);
    }
    return member.getAllInvolvedRawTypes().stream().map(JavaType.class::cast);
  }
}
