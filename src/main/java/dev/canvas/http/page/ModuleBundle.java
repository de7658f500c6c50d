package dev.canvas.http.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ES modules joined to one, so that a browser asks once: each after those that it imports, in one
 * scope. They are written for that: an import is a line of its own and names what it takes, and no
 * name is declared twice at the top level of two modules. {@code ModuleBundleTest} holds them to
 * it. Belongs to one thread.
 */
final class ModuleBundle {

  private static final Pattern IMPORT =
      Pattern.compile("^import \\{[^}]*} from \"\\./([a-z-]+\\.js)\";\\n", Pattern.MULTILINE);

  private static final Pattern EXPORT = Pattern.compile("^export ", Pattern.MULTILINE);

  /** Lines that are comments alone, and empty ones: a browser needs neither. */
  private static final Pattern REMARK =
      Pattern.compile("^\\s*(?:(?://|/\\*\\*|\\*/?(?= |$)).*)?\\n", Pattern.MULTILINE);

  private final String folder;
  private final Map<String, String> joined = new LinkedHashMap<>();

  private ModuleBundle(String folder) {
    this.folder = folder;
  }

  /**
   * Reads a module of a folder of this package's resources, and all that it imports. Blocks.
   *
   * @param folder with a slash at its end
   * @param entry the module that exports what the bundle exports
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
      add(imports.group(1));
    }
    joined.put(name, REMARK.matcher(imports.replaceAll("")).replaceAll(""));
  }

  private String read(String name) throws IOException {
    try (InputStream bytes = ModuleBundle.class.getResourceAsStream(folder + name)) {
      if (bytes == null) {
        throw new FileNotFoundException("The class path lacks dev/canvas/http/" + folder + name);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
