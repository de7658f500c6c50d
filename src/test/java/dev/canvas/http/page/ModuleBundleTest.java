package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModuleBundleTest {

  private static final Pattern DECLARED =
      Pattern.compile(
          "^(?:export )?(?:async )?(?:const|let|class|function) (\\w+)", Pattern.MULTILINE);

  @Test
  void modulesFollowTheirImports() throws Exception {
    assertEquals(
        """
        const LEAF = 1;
        const BRANCH = LEAF + 1;
        export const ROOT = LEAF + BRANCH; // 3
        """,
        ModuleBundle.of("modules/", "root.js"));
  }

  @ParameterizedTest
  @CsvSource({
    "product-canvas, ProductCanvas",
    "editor, Draft",
    // Of another folder.
    "editor, Bridge",
    "panel, readAgain",
    "covers, showNext"
  })
  void modulesDeclareUniqueNamesAndHaveNoOtherImports(String folder, String name) throws Exception {
    String module = ModuleBundle.of("assets/" + folder + "/", folder + ".js");
    List<String> names =
        DECLARED.matcher(module).results().map((MatchResult found) -> found.group(1)).toList();
    assertEquals(new TreeSet<>(names).size(), names.size(), names::toString);
    assertTrue(names.contains(name), names::toString);
    assertFalse(Pattern.compile("^import\\b", Pattern.MULTILINE).matcher(module).find());
  }

  /** Parsing markup could turn a value from the API into a script. */
  @Test
  void elementNeverParsesMarkup() throws Exception {
    String module = ModuleBundle.of("assets/product-canvas/", "product-canvas.js");
    for (String sink :
        List.of(
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "setHTML",
            "eval(",
            "cssText")) {
      assertFalse(module.contains(sink), sink);
    }
  }

  @Test
  void missingModuleIsNamed() {
    var missing =
        assertThrows(FileNotFoundException.class, () -> ModuleBundle.of("modules/", "no.js"));
    assertEquals(
        "Missing from the class path: dev/canvas/http/page/modules/no.js", missing.getMessage());
  }
}
