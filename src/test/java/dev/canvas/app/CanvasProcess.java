package dev.canvas.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a JVM of its own, as a person starts it. */
public final class CanvasProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  /** Starts it with these variables of the environment and no other of its own. */
  public CanvasProcess(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    try {
      Path directory = Files.createDirectories(Path.of("target", "test-data"));
      output = Files.createTempFile(directory, "canvas", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CANVAS_"));
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Everything that it has printed. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until a line has been printed that the pattern finds, and answers its first group. */
  public String awaitLine(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> !process.isAlive() || compiled.matcher(output()).find());
    Matcher matcher = compiled.matcher(output());
    if (!matcher.find()) {
      throw new AssertionError("'" + pattern + "' was not printed, but:\n" + output());
    }
    return matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
  }

  /** Waits for its end and answers its exit code. */
  public int exitCode(Duration most) {
    try {
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("It still runs after " + most + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL, of it alone. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    terminate();
    exitCode(Duration.ofSeconds(30));
  }
}
