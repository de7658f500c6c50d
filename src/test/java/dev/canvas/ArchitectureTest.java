package dev.canvas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the layout that {@code docs/architecture.md} describes: packages form a tree that points
 * towards the kernel, a wing shows others its contract alone, and nothing is public without need.
 */
class ArchitectureTest {

  /** A package directly under {@code dev.canvas}, with all of its sub-packages. */
  private static final int WING = "dev.canvas.".length();

  /** What a wing shows to other wings, beside its verticles and settings. */
  private static final Map<String, Set<String>> CONTRACTS =
      Map.of(
          "http",
          Set.of("Readiness", "ConnectionLimit", "PageFiles"),
          "data",
          Set.of("DataNode", "StoreKind", "StoreFactory", "Schema", "CouchDbDatabase"),
          "seed",
          Set.of(
              "SeedLauncher",
              "SeedRequest",
              "SeedProgress",
              "SeedRun",
              "SampleCatalogue",
              "Failures",
              "PostgresTargetStore",
              "CouchDbTargetStore"),
          "embedded",
          Set.of("EmbeddedServers", "EmbeddedServersException"));

  /**
   * Used elsewhere without a trace in the class files: inlined constants, the type of a lambda,
   * classes that JDBC and Logback create by name.
   */
  private static final Set<String> UNTRACEABLE =
      Set.of(
          "dev.canvas.bus.NodeAddresses",
          "dev.canvas.client.Addresses",
          "dev.canvas.diagnosis.LogConfigurator",
          "dev.canvas.diagnosis.RedactingConverter",
          "dev.canvas.http.live.ChangeFeed",
          "dev.canvas.postgres.JdbcTlsFactory",
          "dev.canvas.postgres.JdbcSocketFactory");

  private static JavaClasses main;
  private static JavaClasses all;

  @BeforeAll
  static void read() {
    main =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.canvas");
    all = new ClassFileImporter().importPackages("dev.canvas");
  }

  @Test
  void wingsDependTowardsTheKernel() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("app")
        .definedBy("dev.canvas.app..")
        .layer("http")
        .definedBy("dev.canvas.http..")
        .layer("data")
        .definedBy("dev.canvas.data..")
        .layer("seed")
        .definedBy("dev.canvas.seed..")
        .layer("embedded")
        .definedBy("dev.canvas.embedded..")
        .layer("couchdb")
        .definedBy("dev.canvas.couchdb..")
        .layer("postgres")
        .definedBy("dev.canvas.postgres..")
        .layer("redis")
        .definedBy("dev.canvas.redis..")
        .layer("tls")
        .definedBy("dev.canvas.tls..")
        .layer("renewal")
        .definedBy("dev.canvas.renewal..")
        .layer("bus")
        .definedBy("dev.canvas.bus..")
        .layer("client")
        .definedBy("dev.canvas.client..")
        .layer("cluster")
        .definedBy("dev.canvas.cluster..")
        .layer("control")
        .definedBy("dev.canvas.control..")
        .layer("media")
        .definedBy("dev.canvas.media..")
        .whereLayer("app")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("seed")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("embedded")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("couchdb")
        .mayOnlyBeAccessedByLayers("app", "data", "seed")
        .whereLayer("postgres")
        .mayOnlyBeAccessedByLayers("app", "data")
        .whereLayer("redis")
        .mayOnlyBeAccessedByLayers("app", "data")
        .whereLayer("tls")
        .mayOnlyBeAccessedByLayers("app", "cluster", "data", "postgres", "redis")
        .whereLayer("renewal")
        .mayOnlyBeAccessedByLayers("app", "cluster", "http")
        .whereLayer("bus")
        .mayOnlyBeAccessedByLayers("app", "http", "data", "seed")
        .whereLayer("client")
        .mayOnlyBeAccessedByLayers("app", "bus", "http", "seed")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("app")
        .check(main);
  }

  @Test
  void packagesFormNoCycleAtAnyDepth() {
    slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(main);
  }

  @Test
  void theKernelKnowsNothingElseHere() {
    noClasses()
        .that()
        .resideInAPackage("dev.canvas.media..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.canvas..").and(resideOutsideOfPackages("dev.canvas.media..")))
        .check(main);
  }

  @Test
  void theClientJarNeedsNothingButItselfAndWhatVertxInfinispanBrings() {
    String[] jar = {
      "dev.canvas.client..",
      "dev.canvas.cluster..",
      "dev.canvas.media..",
      "dev.canvas.renewal..",
      "dev.canvas.tls.."
    };
    String[] brought = {
      "java..",
      "javax..",
      "io.vertx.core..",
      "io.vertx.ext.cluster.infinispan..",
      "io.netty..",
      "com.fasterxml.jackson.core..",
      "org.infinispan..",
      "org.jgroups..",
      "org.jboss.logging.."
    };
    noClasses()
        .that()
        .resideInAnyPackage(jar)
        .should()
        .dependOnClassesThat(resideOutsideOfPackages(jar).and(resideOutsideOfPackages(brought)))
        .check(main);
  }

  @Test
  void handlersSeeTheServiceAndNeverTheBus() {
    noClasses()
        .that()
        .resideInAPackage("dev.canvas.http..")
        .and()
        .haveSimpleNameNotEndingWith("Verticle")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.canvas.bus..", "dev.canvas.client..", "io.vertx.core.eventbus..")
        .check(main);
  }

  @Test
  void onlyContractsAreSeenFromOutsideTheirWing() {
    Set<String> seen =
        dependencies(main)
            .filter(use -> !wing(use.getOriginClass()).equals(wing(type(use))))
            .map(ArchitectureTest::type)
            .filter(type -> CONTRACTS.containsKey(wing(type)))
            .filter(type -> !type.getSimpleName().endsWith("Verticle"))
            .filter(type -> !type.getSimpleName().endsWith("Settings"))
            .map(type -> wing(type) + ": " + type.getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named =
        CONTRACTS.entrySet().stream()
            .flatMap(wing -> wing.getValue().stream().map(name -> wing.getKey() + ": " + name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(named, seen, "contracts that are named, and those that another wing uses");
  }

  @Test
  void whatIsPublicIsUsedInAnotherPackage() {
    Set<String> used =
        dependencies(all)
            .filter(
                use -> !use.getOriginClass().getPackageName().equals(type(use).getPackageName()))
            .map(use -> type(use).getName())
            .collect(Collectors.toSet());

    Set<String> needless =
        topLevel(main)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            // Templates become public classes; Java starts Main.
            .filter(type -> !type.getSimpleName().startsWith("Jte"))
            .filter(type -> !type.getSimpleName().equals("Main"))
            .map(JavaClass::getName)
            .filter(name -> !used.contains(name) && !UNTRACEABLE.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(Set.of(), needless, "public types that only their own package uses");
  }

  @Test
  void eachNameIsGivenOnce() {
    Map<String, Long> times =
        topLevel(main)
            .map(JavaClass::getSimpleName)
            .filter(name -> !name.equals("package-info"))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    times.values().removeIf(count -> count == 1);

    assertEquals(Map.of(), times, "simple names of several types");
  }

  private static Stream<Dependency> dependencies(JavaClasses classes) {
    return classes.stream()
        .map(JavaClass::getDirectDependenciesFromSelf)
        .flatMap(Collection::stream)
        .filter(use -> type(use).getPackageName().startsWith("dev.canvas"));
  }

  private static Stream<JavaClass> topLevel(JavaClasses classes) {
    return classes.stream().filter(JavaClass::isTopLevelClass);
  }

  /** The top-level type that a dependency leads to. */
  private static JavaClass type(Dependency use) {
    JavaClass type = use.getTargetClass().getBaseComponentType();
    while (type.getEnclosingClass().isPresent()) {
      type = type.getEnclosingClass().get();
    }
    return type;
  }

  private static String wing(JavaClass type) {
    String name = type.getPackageName();
    return name.length() < WING ? "" : name.substring(WING).split("\\.", 2)[0];
  }

  /** Takes each package for a slice of its own, so that a package and its sub-packages are two. */
  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
