package dev.canvas.app.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class ManPageTest {

  private final String page = new ManPage(program()).text();

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

  private static CommandSpec program() {
    CommandSpec shown =
        CommandSpec.create()
            .addOption(
                OptionSpec.builder("-n", "--number")
                    .type(int.class)
                    .paramLabel("N")
                    .defaultValue("7")
                    .description("how many%n (default: ${DEFAULT-VALUE})")
                    .build())
            .addOption(OptionSpec.builder("--internal").hidden(true).build());
    shown.usageMessage().description(".rejects is the file of \\rejected-lines");
    CommandSpec concealed = CommandSpec.create();
    concealed.usageMessage().hidden(true);
    CommandSpec program =
        CommandSpec.create()
            .name("program")
            .addSubcommand("shown", shown)
            .addSubcommand("concealed", concealed);
    program.usageMessage().description("Runs a program.");
    return program;
  }

  private void assertPage(String part) {
    assertTrue(page.contains(part), page);
  }
}
