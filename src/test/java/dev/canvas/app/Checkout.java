package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A source tree with the real launcher and the real settings, and a jar that leads to the classes
 * of this build. Its {@code mvn} builds such a jar too, and leaves a note of it in {@code builds}.
 *
 * @param root of everything; the tree is in {@code tree}
 */
record Checkout(Path root, Path tree) {

  private static final Path HOME = Path.of("").toAbsolutePath();

  /** What a run has printed, and its exit code. */
  record Outcome(int exitCode, String output) {

    /** Checks the exit code and a part of what was printed. */
    void expect(int code, String part) {
      assertEquals(code, exitCode, output);
      assertTrue(output.contains(part), output);
    }
  }

  /**
   * Creates one in a directory.
   *
   * @param name of the tree
   */
  static Checkout in(Path root, String name) throws IOException {
    Checkout checkout = new Checkout(root, root.resolve(name));
    for (String directory : List.of("conf", "src/main", "seed", "target")) {
      Files.createDirectories(checkout.tree.resolve(directory));
    }
    for (String file : List.of("canvas", "conf/canvas.yaml", "conf/logback.xml", "pom.xml")) {
      Files.copy(HOME.resolve(file), checkout.tree.resolve(file));
      checkout.age(file);
    }
    checkout.writeJar(checkout.tree.resolve("target/canvas.jar"));
    checkout.writeJar(root.resolve("built.jar"));
    Files.createDirectories(root.resolve("bin"));
    Path maven = root.resolve("bin/mvn");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        root='%s'
        echo "$@" >>"$root/builds"
        for argument; do
          case $argument in -Dcanvas.target=*) target=${argument#*=} ;; esac
        done
        mkdir -p "$target" && cp "$root/built.jar" "$target/canvas.jar"
        """
            .formatted(root));
    assertTrue(maven.toFile().setExecutable(true));
    return checkout;
  }

  /** Makes a file older than the jar. */
  void age(String file) throws IOException {
    Files.setLastModifiedTime(
        tree.resolve(file), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  /** What the {@code mvn} of this tree was asked for; empty if it was not called. */
  String builds() throws IOException {
    Path builds = root.resolve("builds");
    return Files.exists(builds) ? Files.readString(builds) : "";
  }

  /** Runs a command in a directory, with the environment of a login and these variables. */
  Outcome run(Path directory, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(root, "run", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("CANVAS_") || name.startsWith("LC_"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("PATH", root.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    variables.put("HOME", root.toString());
    variables.put("XDG_CACHE_HOME", "");
    variables.putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("It still runs: " + Files.readString(output));
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  private void writeJar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> HOME.resolve(entry).toUri().toASCIIString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }
}
