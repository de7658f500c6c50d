package dev.canvas.app.config;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that reads the configuration. */
public final class ConfigurationOption {

  private static final Path USUAL_FILE = Path.of("conf", "canvas.yaml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings, as in conf/canvas.yaml (which is read where it exists)")
  private Path file;

  /** Reads the configuration, and says what is odd about it. */
  public Configuration load(PrintWriter err) {
    Path chosen = file == null && Files.exists(USUAL_FILE) ? USUAL_FILE : file;
    Configuration configuration = Configuration.load(chosen, System.getenv());
    configuration.warnings().forEach(warning -> err.println("canvas: " + warning));
    err.flush();
    return configuration;
  }
}
