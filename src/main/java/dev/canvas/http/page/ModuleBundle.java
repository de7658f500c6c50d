package dev.canvas.http.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins ES modules into one file, so that a browser needs a single request. Each module follows its
 * imports, and all share one scope. The modules are written for that: an import stands on a line of
 * its own and lists its names; it may come from another folder, and no two modules declare the same
 * top-level name. {@code ModuleBundleTest} checks it. Not thread-safe.
 */
final class ModuleBundle {

  private static final Pattern IMPORT =
      Pattern.compile(
          "^import \\{[^}]*} from \"(\\.{1,2}/(?:[a-z-]+/)?[a-z-]+\\.js)\";\\n", Pattern.MULTILINE);

  private static final Pattern EXPORT = Pattern.compile("^export ", Pattern.MULTILINE);

  /** Empty lines, and lines that contain only a comment: a browser needs neither. */
  private static final Pattern COMMENT_LINE =
      Pattern.compile("^\\s*(?:(?://|/\\*\\*|\\*/?(?= |$)).*)?\\n", Pattern.MULTILINE);

  private final String folder;
  private final Map<String, String> joined = new LinkedHashMap<>();

  private ModuleBundle(String folder) {
    this.folder = folder;
  }

  /**
   * Reads a module of this package's resources and all its imports. Blocks.
   *
   * @param folder the folder of the modules, with a trailing slash
   * @param entry the module whose exports the bundle keeps
   * @throws FileNotFoundException if a module is missing
   */
  static String of(String folder, String entry) throws IOException {
    ModuleBundle bundle = new ModuleBundle(folder);
    bundle.add(entry);
    String last = bundle.joined.remove(entry);
    return EXPORT.matcher(String.join("", bundle.joined.values())).replaceAll("") + last;
  }

  private void add(String name) throws IOException {
    if (joined.containsKey(name)) {
      return;
    }
    String source = read(name);
    Matcher imports = IMPORT.matcher(source);
    while (imports.find()) {
      add(URI.create(name).resolve(imports.group(1)).toString());
    }
    joined.put(name, COMMENT_LINE.matcher(imports.replaceAll("")).replaceAll(""));
  }

  private String read(String name) throws IOException {
    String path = URI.create(folder).resolve(name).toString();
    try (InputStream bytes = ModuleBundle.class.getResourceAsStream(path)) {
      if (bytes == null) {
        throw new FileNotFoundException(
            "Missing from the class path: dev/canvas/http/page/" + path);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
