package dev.canvas.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents of this repository are right, and the checks notice if they are not. */
class DocumentsTest {

  private static DocumentChecks ours;

  @TempDir Path temporary;

  @BeforeAll
  static void read() throws IOException {
    ours = new DocumentChecks(Path.of(""));
  }

  @Test
  void linksLeadSomewhere() {
    assertNone(ours.deadLinks());
  }

  @Test
  void classesAndPathsThatAreNamedExist() {
    assertNone(ours.unknownNames());
  }

  @Test
  void linesFitATerminal() {
    assertNone(ours.longLines());
  }

  @Test
  void nothingOutsideTheRepositoryIsCited() {
    assertNone(ours.citationsOfDesign());
  }

  @Test
  void logMessagesAreThoseThatCanvasLogs() {
    assertNone(ours.unknownLogMessages());
  }

  @Test
  void commandsAreExecutedOrSayWhyNot() {
    assertNone(ours.unexecutedBlocks());
  }

  @Test
  void theReadmeIsAnIntroduction() {
    assertNone(ours.longReadme());
  }

  @Test
  void aLinkToAMissingFileIsReported() throws IOException {
    write("README.md", "# Title", "", "See [there](docs/none.md) and ![that](none.png).");
    assertFaults(checks().deadLinks(), "README.md:3: the link to docs/none.md", "none.png");
  }

  @Test
  void aLinkToAMissingHeadingIsReported() throws IOException {
    write("README.md", "[right](docs/a.md#a-title-of-it), [wrong](docs/a.md#other), [own](#none)");
    write("docs/a.md", "## A `title`, of it!");
    assertFaults(checks().deadLinks(), "README.md:1: the link to docs/a.md#other", "#none");
  }

  @Test
  void linksInCodeAndToOtherSitesAreNotFollowed() throws IOException {
    write(
        "README.md",
        "`[a](b.md)` <https://a.example> [c](https://c.example/#d)",
        "```",
        "[e](f)",
        "```");
    assertNone(checks().deadLinks());
  }

  @Test
  void headingsOfOneTextHaveAnchorsOfTheirOwn() throws IOException {
    write("README.md", "# Same", "# Same", "[first](#same), [second](#same-1), [third](#same-2)");
    assertFaults(checks().deadLinks(), "#same-2");
  }

  @Test
  void aClassThatIsGoneIsReported() throws IOException {
    write("src/main/java/dev/canvas/data/read/ReadThrough.java", "class ReadThrough { int one; }");
    write(
        "README.md",
        "`ReadThrough`, `data.read.ReadThrough`, `read.ReadThrough.one`, `ReadThrough#one()`",
        "`OldName`, `data.Old`",
        "`data.ReadThrough`, `ReadThrough.two`",
        "`Allow`, `http.port`, `ETag`, `CANVAS_HTTP_PORT`, `-XX:PerMethodTrapLimit=1`");
    assertFaults(
        checks().unknownNames(),
        "README.md:2: there is no class OldName",
        "README.md:2: there is no class Old ",
        "README.md:3: `data.ReadThrough` is not there",
        "README.md:3: `ReadThrough.two` is not there");
  }

  @Test
  void aPathThatIsGoneIsReported() throws IOException {
    write("docs/adr/0001-own-launcher.md", "# 1");
    write("README.md", "`docs/adr/0001`, `docs/adr/`, `docs/adr/0002`, `perf/read --quick`");
    assertFaults(checks().unknownNames(), "no `docs/adr/0002`", "no `perf/read`");
  }

  @Test
  void aLongLineIsReportedOutsideTablesCodeAndLinks() throws IOException {
    String words = "word ".repeat(25);
    write(
        "README.md",
        words,
        "| " + words + " |",
        "```",
        words,
        "```",
        "[link](" + "a/".repeat(70) + ")",
        "<https://" + "a".repeat(140) + ".example>");
    assertFaults(checks().longLines(), "README.md:1: has 125 characters");
  }

  @Test
  void aCitationOfDesignIsReported() throws IOException {
    write("README.md", "As DESIGN 8 has it", "A DESIGNER is fine");
    assertFaults(checks().citationsOfDesign(), "README.md:1: cites DESIGN");
  }

  @Test
  void aLogMessageThatIsGoneIsReported() throws IOException {
    write(
        "src/main/java/dev/canvas/A.java",
        "class A {",
        "  void log(int n) {",
        "    LOG.warn(\"Lost {} of them,\" +",
        "        \" see there\", n);",
        "  }",
        "}");
    write(
        "docs/operations.md",
        "## Log messages",
        "| message | action |",
        "|---|---|",
        "| `Lost … of them, see there` | none; see `redis.timeout` |",
        "| `Found … of them` | none |",
        "## Other",
        "| `Anything` | |");
    assertFaults(checks().unknownLogMessages(), "docs/operations.md:5: no class logs `Found");
  }

  @Test
  void aCommandThatIsNeitherExecutedNorExcusedIsReported() throws IOException {
    write(".ci/some", "sed docs/a.md");
    write(
        "docs/a.md",
        "<!-- run -->",
        "```sh",
        "one",
        "```",
        "<!-- not run: it needs a licence -->",
        "```console",
        "$ two",
        "```",
        "```sh",
        "three",
        "```",
        "<!-- run by .ci/some -->",
        "```sh",
        "four",
        "```",
        "<!-- run by .ci/none -->",
        "```sh",
        "five",
        "```",
        "```json",
        "{}",
        "```");
    assertFaults(
        checks().unexecutedBlocks(),
        "docs/a.md:9: no mark of .ci/run-documents",
        "docs/a.md:17: .ci/none, which is said to execute this block, does not read a.md");
  }

  @Test
  void aLongReadmeIsReported() throws IOException {
    write("README.md", "line\n".repeat(151).strip());
    write("docs/long.md", "line\n".repeat(151).strip());
    assertFaults(checks().longReadme(), "README.md:151:");
  }

  private DocumentChecks checks() throws IOException {
    return new DocumentChecks(temporary);
  }

  private void write(String name, String... lines) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  private static void assertNone(List<String> faults) {
    assertTrue(faults.isEmpty(), () -> "\n" + String.join("\n", faults));
  }

  private static void assertFaults(List<String> faults, String... expected) {
    assertEquals(expected.length, faults.size(), () -> String.join("\n", faults));
    for (int i = 0; i < expected.length; i++) {
      String fault = faults.get(i);
      assertTrue(fault.contains(expected[i]), fault);
    }
  }
}
