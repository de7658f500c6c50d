package dev.canvas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The resources that a Java process holds: open file descriptors and live objects. Immutable.
 *
 * @param descriptors the number of open file descriptors
 * @param objects the number of live objects by class name
 */
public record ProcessResources(int descriptors, Map<String, Integer> objects) {

  /** Counts the resources of a process after a garbage collection. */
  public static ProcessResources of(long pid, List<String> classes) {
    Map<String, Integer> counts = new TreeMap<>();
    classes.forEach(name -> counts.put(name, 0));
    histogram(pid)
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length >= 4 && counts.containsKey(columns[3]))
        .forEach(columns -> counts.put(columns[3], Integer.valueOf(columns[1])));
    String[] descriptors = Path.of("/proc", Long.toString(pid), "fd").toFile().list();
    return new ProcessResources(descriptors.length, counts);
  }

  private static String histogram(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
      return output;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
