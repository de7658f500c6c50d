package dev.canvas.app.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Flattens a YAML document: {@code http: {port: 1}} becomes {@code http.port} with the text 1. */
final class FlatYaml {

  private final String source;
  private final Set<String> lists;
  private final Map<String, String> flat = new TreeMap<>();

  private FlatYaml(String source, Set<String> lists) {
    this.source = source;
    this.lists = lists;
  }

  /**
   * Reads a document.
   *
   * @param source names the document in error messages
   * @param lists the keys that may have several values; these are joined with commas
   * @throws StartFailure if the text is not YAML or a key does not have exactly one value
   */
  static Map<String, String> read(String source, String yaml, Set<String> lists) {
    FlatYaml reader = new FlatYaml(source, lists);
    try {
      Object document =
          new Load(LoadSettings.builder().setLabel(source).build()).loadFromString(yaml);
      if (document != null) {
        reader.flatten("", document);
      }
    } catch (YamlEngineException malformed) {
      throw new StartFailure(
          source + " is not YAML: " + malformed.getMessage().replaceAll("\\s+", " "), malformed);
    }
    return reader.flat;
  }

  private void flatten(String key, Object node) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((name, value) -> flatten(key.isEmpty() ? "" + name : key + "." + name, value));
    } else if (lists.contains(key) && node instanceof List<?> list) {
      flat.put(key, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } else if (node == null || node instanceof List || key.isEmpty()) {
      throw new StartFailure(
          "%s: '%s' must have exactly one value; see conf/canvas.yaml".formatted(source, key));
    } else {
      flat.put(key, node.toString());
    }
  }
}
