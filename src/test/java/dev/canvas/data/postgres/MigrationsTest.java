package dev.canvas.data.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names of migrations, which tell earlier releases whether they can go on beside them. */
class MigrationsTest {

  private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");
  private static final Pattern NAME = Pattern.compile("V(\\d+)__.*?(?:_needs_(\\d+))?\\.sql");

  /** Migrations up to this one are older than the rule, and no release lacks them. */
  private static final int FIRST = 8;

  @Test
  void eachMigrationSaysWhichOneAReleaseHasToKnowBesideIt() throws IOException {
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      List<String> wrong =
          files.map(file -> file.getFileName().toString()).filter(name -> !isNamed(name)).toList();
      assertEquals(
          List.of(),
          wrong,
          "End the name with _needs_ and the last migration that a release has to know in order to"
              + " work with these tables, as docs/architecture.md says");
    }
  }

  private static boolean isNamed(String file) {
    Matcher name = NAME.matcher(file);
    if (!name.matches()) {
      return false;
    }
    int version = Integer.parseInt(name.group(1));
    return version <= FIRST
        || (name.group(2) != null && Integer.parseInt(name.group(2)) <= version);
  }
}
