package dev.canvas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program on this JDK holds: the descriptors that it has open, and the live objects of some
 * classes.
 */
public record Holdings(int descriptors, Map<String, Integer> objects) {

  /** Counts what a process holds; garbage is collected first. */
  public static Holdings of(long pid, List<String> classes) {
    Map<String, Integer> counts = new TreeMap<>();
    classes.forEach(name -> counts.put(name, 0));
    histogram(pid)
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length >= 4 && counts.containsKey(columns[3]))
        .forEach(columns -> counts.put(columns[3], Integer.valueOf(columns[1])));
    String[] descriptors = Path.of("/proc", Long.toString(pid), "fd").toFile().list();
    return new Holdings(descriptors.length, counts);
  }

  private static String histogram(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(told);
      }
      return told;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
