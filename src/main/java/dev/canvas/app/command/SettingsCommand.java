package dev.canvas.app.command;

import dev.canvas.app.config.Setting;
import dev.canvas.app.config.SettingsReference;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the settings that apply, and where each comes from; or the reference of all. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Prints the settings that apply here, without their secrets, and where each comes from.",
      "Fails as 'serve' does if one of them is not valid."
    })
public final class SettingsCommand implements Callable<Integer> {

  @Option(names = "--changed", description = "only the settings that differ from their defaults")
  private boolean changed;

  @Option(names = "--markdown", description = "the reference of all settings instead")
  private boolean markdown;

  @Mixin private ConfigurationOption option;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (markdown) {
      out.print(SettingsReference.ofDefaults().markdown());
    } else {
      List<Setting> settings = option.settings();
      for (Setting each : settings) {
        if (!changed || each.source().isPresent()) {
          String source = each.source().map(from -> "  (" + from + ")").orElse("");
          out.printf("%-32s %s%s%n", each.key(), each.value(), source);
        }
      }
    }
    out.flush();
    return 0;
  }
}
