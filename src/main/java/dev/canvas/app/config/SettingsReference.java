package dev.canvas.app.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The reference of all settings as a page in Markdown: names, variables, defaults, what the code
 * allows, and what {@code conf/canvas.yaml} says about them. Immutable.
 */
public final class SettingsReference {

  private static final String HEAD =
      """
      # Settings

      For operators who look a setting up. `./canvas settings --markdown` prints this page, and `./canvas settings` what
      applies here and where it comes from. [Operations](operations.md#configuration) says where settings are read.

      """;

  private static final String TABLE =
      """
      | setting | variable | default | allowed | meaning |
      |---|---|---|---|---|
      """;

  /** What the file says above each key, by its full name; in the order of the file. */
  private final Map<String, String> comments;

  private final Map<String, Setting> settings;

  private SettingsReference(Map<String, String> comments, Map<String, Setting> settings) {
    this.comments = comments;
    this.settings = settings;
  }

  /** The reference of this release. */
  public static SettingsReference ofDefaults() {
    return new SettingsReference(
        comments(Settings.defaults()),
        Configuration.settings(null, Map.of()).stream()
            .collect(Collectors.toMap(Setting::key, Function.identity())));
  }

  /** The whole page. */
  public String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    String section = "";
    for (Map.Entry<String, String> each : comments.entrySet()) {
      Setting setting = settings.get(each.getKey());
      if (setting == null) {
        continue;
      }
      String group = each.getKey().replaceFirst("\\..*", "");
      if (!group.equals(section)) {
        page.append(section.isEmpty() ? "" : "\n").append("## ").append(group).append("\n\n");
        if (!group.equals(each.getKey()) && !comments.get(group).isEmpty()) {
          page.append(comments.get(group)).append("\n\n");
        }
        page.append(TABLE);
        section = group;
      }
      page.append(row(setting, each.getValue()));
    }
    return page.toString();
  }

  private static String row(Setting setting, String meaning) {
    StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
    String value = setting.value().isEmpty() ? "" : "`" + setting.value() + "`";
    List.of("`" + setting.key() + "`", "`" + setting.variable() + "`", value, setting.allowed())
        .forEach(row::add);
    return row.add(meaning.replace("|", "\\|")).toString();
  }

  private static Map<String, String> comments(String yaml) {
    Map<String, String> comments = new LinkedHashMap<>();
    Map<Integer, String> names = new HashMap<>();
    Deque<String> above = new ArrayDeque<>();
    for (String line : yaml.lines().toList()) {
      String text = line.strip();
      if (text.startsWith("#")) {
        above.add(text.substring(1).strip());
      } else if (text.isEmpty()) {
        above.clear();
      } else {
        int depth = line.indexOf(text.charAt(0)) / 2;
        names.put(depth, text.substring(0, text.indexOf(':')));
        String key = names.get(0);
        for (int level = 1; level <= depth; level++) {
          key += "." + names.get(level);
        }
        comments.put(key, String.join(" ", above));
        above.clear();
      }
    }
    return comments;
  }
}
