package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.Setting;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --config} of every command that reads the configuration. */
final class ConfigurationOption {

  /** The system property by which the launcher names its directory. */
  private static final String HOME = "canvas.home";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the settings file (default: conf/canvas.yaml beside the launcher)")
  private Path file;

  /**
   * Reads the configuration and prints its warnings. The file is the same in whichever directory
   * the command runs.
   */
  Configuration load(PrintWriter err) {
    Configuration configuration = Configuration.load(chosen(), System.getenv());
    configuration.warnings().forEach(warning -> err.println("canvas: " + warning));
    err.flush();
    return configuration;
  }

  /** All settings, with where they come from. */
  List<Setting> settings() {
    return Configuration.settings(chosen(), System.getenv());
  }

  /** Also says which file is read, for commands whose outcome depends on more than an address. */
  Configuration tellAndLoad(PrintWriter err) {
    Path chosen = chosen();
    if (chosen != null) {
      err.println("canvas: settings from " + chosen);
    }
    return load(err);
  }

  /** Null for the defaults. */
  private Path chosen() {
    if (file != null) {
      return file.toAbsolutePath().normalize();
    }
    String home = System.getProperty(HOME);
    Path beside = home == null ? null : Path.of(home, "conf", "canvas.yaml");
    return beside != null && Files.exists(beside) ? beside : null;
  }
}
