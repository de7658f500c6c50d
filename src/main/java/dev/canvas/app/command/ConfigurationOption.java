package dev.canvas.app.command;

import dev.canvas.app.config.Configuration;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config} of every command that reads the configuration. */
final class ConfigurationOption {

  private static final Path DEFAULT_FILE = Path.of("conf", "canvas.yaml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the settings file (default: conf/canvas.yaml, if it exists)")
  private Path file;

  /** Reads the configuration and prints its warnings. */
  Configuration load(PrintWriter err) {
    Path chosen = file == null && Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : file;
    Configuration configuration = Configuration.load(chosen, System.getenv());
    configuration.warnings().forEach(warning -> err.println("canvas: " + warning));
    err.flush();
    return configuration;
  }
}
