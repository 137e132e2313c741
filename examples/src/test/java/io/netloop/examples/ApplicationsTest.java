package io.netloop.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the library may not do, the programs over it may not do either. */
class ApplicationsTest {

  private static final JavaClasses PROGRAMS =
      new ClassFileImporter().importPackages("io.netloop.chat", "io.netloop.cli");

  @Test
  void programsUseTheExportedPackagesOnly() {
    assertThat(PROGRAMS).isNotEmpty();
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netloop.engine..", "io.netty..")
        .check(PROGRAMS);
  }

  @Test
  void programsReadNoClockSleepNowhereAndPrintThroughStdio() {
    noClasses()
        .should()
        .accessTargetWhere(describe("a forbidden call", ApplicationsTest::isForbidden))
        .because("the loop has the time and the timers, Stdio the terminal")
        .check(PROGRAMS);
  }

  @Test
  void noPackageIsNamedAfterNothing() {
    noClasses()
        .should()
        .resideInAnyPackage("..impl..", "..internal..", "..util..", "..common..", "..helper..")
        .check(PROGRAMS);
  }

  private static boolean isForbidden(JavaAccess<?> access) {
    String name = access.getTarget().getName();
    return switch (access.getTargetOwner().getName()) {
      case "java.lang.System" ->
          Set.of("nanoTime", "currentTimeMillis", "out", "err", "in").contains(name);
      case "java.lang.Thread" -> name.equals("sleep");
      case "java.lang.IO" -> true;
      default -> false;
    };
  }
}
