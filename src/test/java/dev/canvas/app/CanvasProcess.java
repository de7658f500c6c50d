package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.canvas.testing.Secrets;
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

/** Runs the program in its own JVM, as an operator starts it. */
public final class CanvasProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  /** Starts the program. The environment replaces all inherited {@code CANVAS_} variables. */
  public CanvasProcess(Map<String, String> environment, String... arguments) {
    this(List.of(), environment, arguments);
  }

  /**
   * The same by another program, which ends by becoming this one.
   *
   * @param launcher the other program and its arguments
   */
  public CanvasProcess(
      List<String> launcher, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(launcher);
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

  /** Runs a command that ends by itself, checks its exit code, and returns what it printed. */
  public static String run(
      int expectedExitCode, Map<String, String> environment, String... arguments) {
    try (CanvasProcess canvas = new CanvasProcess(environment, arguments)) {
      assertEquals(expectedExitCode, canvas.exitCode(Duration.ofSeconds(90)), canvas::output);
      return canvas.output();
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Everything that it has printed so far. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Waits until the output matches a pattern, and returns its first group. */
  public String awaitLine(String pattern) {
    return awaitLine(pattern, Duration.ofSeconds(90));
  }

  /** The same with another limit. */
  public String awaitLine(String pattern, Duration limit) {
    Pattern compiled = Pattern.compile(pattern);
    await().atMost(limit).until(() -> !process.isAlive() || compiled.matcher(output()).find());
    Matcher matcher = compiled.matcher(output());
    if (!matcher.find()) {
      throw new AssertionError("'" + pattern + "' was not printed, but:\n" + output());
    }
    return matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
  }

  /** Waits for the end of the process and returns its exit code. */
  public int exitCode(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("The process still runs after " + timeout + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Sends SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGKILL to this process alone. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Ends the process, and checks that it has shown no secret. */
  @Override
  public void close() {
    terminate();
    exitCode(Duration.ofSeconds(30));
    assertFalse(Secrets.isShownIn(output()), this::output);
  }
}
