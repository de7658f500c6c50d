package dev.canvas.http.page;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * The gallery modules of earlier releases, which pages have pinned. They are in the jar, so every
 * node has them (docs/adr/0046-modules-outlive-releases.md). Immutable.
 */
final class ReleasedModules {

  private static final String FOLDER = "assets/released/";

  private final Map<String, Asset> byPath;

  private ReleasedModules(Map<String, Asset> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  /** Reads the modules that {@code modules.txt} names, one a line after its date. Blocks. */
  static ReleasedModules read() throws IOException {
    Map<String, Asset> byPath = new HashMap<>();
    for (String name : names()) {
      try (InputStream bytes = new GZIPInputStream(open(name + ".gz"))) {
        Asset module = Asset.ofModule(bytes.readAllBytes());
        if (!module.path().endsWith('/' + name)) {
          throw new IOException(FOLDER + name + " has the content of " + module.path());
        }
        byPath.put(module.path(), module);
      }
    }
    return new ReleasedModules(byPath);
  }

  private static List<String> names() throws IOException {
    try (var lines =
        new BufferedReader(new InputStreamReader(open("modules.txt"), StandardCharsets.US_ASCII))) {
      return lines.lines().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
    }
  }

  private static InputStream open(String name) throws FileNotFoundException {
    InputStream bytes = ReleasedModules.class.getResourceAsStream(FOLDER + name);
    if (bytes == null) {
      throw new FileNotFoundException(
          "Missing from the class path: dev/canvas/http/page/" + FOLDER + name);
    }
    return bytes;
  }

  /** The module with this address, or null. */
  Asset at(String path) {
    return byPath.get(path);
  }

  /** The addresses of all modules. */
  List<String> paths() {
    return byPath.keySet().stream().sorted().toList();
  }
}
