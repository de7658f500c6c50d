package dev.canvas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packages depend towards the kernel, and the deployables do not know each other. */
class ArchitectureTest {

  /** What the packages http, data, seed and embedded show to app, beside verticles and settings. */
  private static final Set<String> CONTRACTS =
      Set.of(
          "Schema",
          "CouchDbDatabase",
          "DataNode",
          "StoreKind",
          "Readiness",
          "ConnectionLimit",
          "SampleCatalogue",
          "Seeder",
          "SeedRequest",
          "SeedProgress",
          "SeedRun",
          "Readers",
          "CacheSwap",
          "EmbeddedServers",
          "EmbeddedServersException",
          "PostgresServer",
          "RedisServer");

  private static JavaClasses canvas;

  @BeforeAll
  static void read() {
    canvas =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.canvas");
  }

  @Test
  void packagesDependTowardsTheKernel() {
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
        .layer("bus")
        .definedBy("dev.canvas.bus..")
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
        .whereLayer("bus")
        .mayOnlyBeAccessedByLayers("app", "http", "data", "seed")
        .check(canvas);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.canvas.(*)..").should().beFreeOfCycles().check(canvas);
  }

  @Test
  void theKernelKnowsNothingElseHere() {
    noClasses()
        .that()
        .resideInAPackage("dev.canvas.media..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.canvas..").and(resideOutsideOfPackages("dev.canvas.media..")))
        .check(canvas);
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
        .resideInAnyPackage("dev.canvas.bus..", "io.vertx.core.eventbus..")
        .check(canvas);
  }

  @Test
  void allButContractsIsPackagePrivate() {
    DescribedPredicate<JavaClass> contract =
        DescribedPredicate.describe(
            "be a contract", type -> CONTRACTS.contains(type.getSimpleName()));
    classes()
        .that()
        .resideInAnyPackage(
            "dev.canvas.data..", "dev.canvas.http..", "dev.canvas.seed..", "dev.canvas.embedded..")
        .and()
        .areTopLevelClasses()
        .and()
        .arePublic()
        .and()
        // Templates become public classes; whoever needs them is in their package.
        .haveSimpleNameNotStartingWith("Jte")
        .should()
        .haveSimpleNameEndingWith("Verticle")
        .orShould()
        .haveSimpleNameEndingWith("Settings")
        .orShould(ArchCondition.from(contract))
        .check(canvas);
  }
}
