package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.media.Redactor;
import dev.canvas.testing.Secrets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Values of settings from the {@link Corpus}: what is taken, and what a command says and ends. */
class SettingsCorpusTest {

  @TestFactory
  Stream<DynamicTest> settings() {
    return Corpus.rows("settings.tsv").stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(Corpus.Row row) {
    String[] setting = row.input().split("=", 2);
    Map<String, String> environment = Map.of(setting[0], setting[1]);
    if (row.isTaken()) {
      assertNotNull(Configuration.load(null, environment));
      return;
    }
    StartFailure refused =
        assertThrows(StartFailure.class, () -> Configuration.load(null, environment));
    String told = Redactor.redact(refused.getMessage());
    assertTrue(told.contains(row.expected().substring(2)), told);
    assertFalse(Secrets.isShownIn(told), told);
  }
}
