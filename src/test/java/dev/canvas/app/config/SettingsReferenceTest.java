package dev.canvas.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {

  @Test
  void thePageInTheDocumentsIsThatOfTheCode() throws IOException {
    assertEquals(
        Files.readString(Path.of("docs", "settings.md")),
        SettingsReference.ofDefaults().markdown(),
        "run: ./canvas settings --markdown >docs/settings.md");
  }
}
