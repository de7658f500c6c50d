package dev.canvas.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checklists of docs/architecture.md name the files that a change has to touch, and no others.
 */
class ChecklistsTest {

  private static final Path PAGE = Path.of("docs", "architecture.md");
  private static final Path CHANGELOG = Path.of("CHANGELOG.md");

  /** Where code, tests, settings and documents are. */
  private static final List<Path> ROOTS =
      List.of(
          Path.of("src"),
          Path.of("conf"),
          Path.of("docs"),
          Path.of("seed", "scene"),
          Path.of("seed", "media.ndjson"),
          Path.of("README.md"));

  /** Pages that explain the lists or the past, this test, and what npm installs. */
  private static final List<Path> OTHERS =
      List.of(
          PAGE,
          Path.of("docs", "adr"),
          Path.of("src", "test", "java", "dev", "canvas", "docs"),
          Path.of("src", "test", "browser", "node_modules"),
          Path.of("src", "test", "couchdb", "node_modules"));

  private static final Pattern TEXTS =
      Pattern.compile(".*\\.(java|jte|js|json|ndjson|css|sql|lua|md|py|yaml)");

  /** The attribute as code and documents name it: neither a word of prose nor that of HTML. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("[\"'`./]placeholder\\b|\\bplaceholder:|@param placeholder\\b");

  private static final Pattern SETTING = Pattern.compile("live-sockets|liveSockets|LIVE_SOCKETS");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

  /** Files after this line are needed for some changes of the kind only. */
  private static final Pattern CONDITIONAL = Pattern.compile("(?m)^Depending on ");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Add an attribute",
        "Add a setting",
        "Add a route",
        "Add a bus message",
        "Add a metric",
        "Add a store"
      })
  void everyFileOfAChecklistExists(String title) {
    List<Path> files = files(section(title));
    assertFalse(files.isEmpty(), "the checklist '%s' links no file".formatted(title));
    for (Path file : files) {
      assertFalse(
          Files.notExists(file),
          "the checklist '%s' of %s links %s, which does not exist".formatted(title, PAGE, file));
    }
  }

  @Test
  void theChecklistOfAttributesNamesTheFilesThatKnowTheNewestOne() {
    assertComplete("Add an attribute", "placeholder", ATTRIBUTE);
  }

  @Test
  void theChecklistOfSettingsNamesTheFilesThatKnowATypicalOne() {
    assertComplete("Add a setting", "http.live-sockets", SETTING);
  }

  private static void assertComplete(String title, String example, Pattern mention) {
    Set<Path> listed = new TreeSet<>(files(CONDITIONAL.split(section(title), 2)[0]));
    listed.remove(CHANGELOG);
    Set<Path> mentioning = mentioning(mention);
    List<String> faults = new ArrayList<>();
    for (Path file : mentioning) {
      if (!listed.contains(file)) {
        faults.add("%s mentions %s and is missing in the list".formatted(file, example));
      }
    }
    for (Path file : listed) {
      if (!mentioning.contains(file)) {
        faults.add("%s is in the list and does not mention %s".formatted(file, example));
      }
    }
    assertEquals(List.of(), faults, "the checklist '%s' of %s".formatted(title, PAGE));
  }

  /** The text of a section, up to the next heading of its level. */
  private static String section(String title) {
    String page = read(PAGE);
    Matcher section =
        Pattern.compile("(?ms)^### " + Pattern.quote(title) + "$(.*?)(?=^##|\\z)").matcher(page);
    if (!section.find()) {
      throw new AssertionError("%s has no section '%s'".formatted(PAGE, title));
    }
    return section.group(1);
  }

  /** The files that a text of the page links, from the root of the repository. */
  private static List<Path> files(String text) {
    return LINK.matcher(text)
        .results()
        .map(link -> PAGE.resolveSibling(link.group(1)).normalize())
        .toList();
  }

  private static Set<Path> mentioning(Pattern mention) {
    Set<Path> files = new TreeSet<>();
    for (Path root : ROOTS) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(ChecklistsTest::isSearched)
            .filter(file -> mention.matcher(read(file)).find())
            .forEach(files::add);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return files;
  }

  private static boolean isSearched(Path file) {
    return TEXTS.matcher(file.getFileName().toString()).matches()
        && OTHERS.stream().noneMatch(file::startsWith)
        && Files.isRegularFile(file);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
