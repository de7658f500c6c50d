package dev.canvas.app.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ManPageTest {

  @Command(
      name = "program",
      description = "Runs a program.",
      mixinStandardHelpOptions = true,
      subcommands = {Shown.class, Hidden.class})
  private static final class Program {}

  @Command(name = "shown", description = ".rejects is the file of \\rejected-lines")
  private static final class Shown {
    @Option(
        names = {"-n", "--number"},
        paramLabel = "N",
        defaultValue = "7",
        description = "how many%n (default: ${DEFAULT-VALUE})")
    void number(int number) {}

    @Option(names = "--internal", hidden = true)
    void internal(boolean internal) {}
  }

  @Command(name = "concealed", hidden = true)
  private static final class Hidden {}

  private final String page = new ManPage(new CommandLine(new Program()).getCommandSpec()).text();

  @Test
  void hasEachCommandAndOptionThatIsNotHidden() {
    assertPage(".SH NAME\nprogram \\- Runs a program\n");
    assertPage(".SS shown\n");
    assertPage(".TP\n\\fB\\-n\\fR, \\fB\\-\\-number\\fR=\\fIN\\fR\nhow many (default: 7)\n");
    assertFalse(page.contains("internal"), page);
    assertFalse(page.contains("concealed"), page);
  }

  @Test
  void textIsNoMacroAndNoEscape() {
    assertPage("\n\\&.rejects is the file of \\erejected\\-lines\n");
  }

  private void assertPage(String part) {
    assertTrue(page.contains(part), page);
  }
}
