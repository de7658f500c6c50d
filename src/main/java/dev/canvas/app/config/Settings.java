package dev.canvas.app.config;

import dev.canvas.media.Redactor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads settings from the defaults ({@code conf/canvas.yaml} in the jar), a file and the
 * environment; later sources override earlier ones. The typed getters fail with one line that names
 * the key, its value and the allowed values. Belongs to one thread.
 */
final class Settings {

  private static final String PREFIX = "CANVAS_";

  /** Read by the launcher only. */
  private static final String JAVA_OPTIONS = "CANVAS_JAVA_OPTS";

  /** The settings with any number of values, which the environment separates with commas. */
  private static final Set<String> LISTS =
      Set.of(
          "auth.keys",
          "http.cors-write-origins",
          "http.trusted-proxies",
          "management.hosts",
          "media.hosts",
          "roles",
          "tracing.headers",
          "cluster.members");

  /** The settings whose value is nobody's business. */
  private static final Set<String> SECRETS =
      Set.of("auth.jwt.secret", "management.key", "tracing.headers");

  private final Map<String, String> defaults;
  private final Map<String, String> values;

  /** The settings whose value is that of the file. */
  private final Set<String> inFile = new HashSet<>();

  /** What each setting that was read may be, as far as a type says so. */
  private final Map<String, String> allowed = new HashMap<>();

  /** The files that variables name for the values of settings. */
  private final Map<String, String> ownFiles = new HashMap<>();

  private Path file;
  private final List<String> warnings = new ArrayList<>();

  private Settings(Map<String, String> defaults) {
    this.defaults = Map.copyOf(defaults);
    this.values = defaults;
  }

  /**
   * Reads all sources.
   *
   * @param file may be null
   * @param environment variables that do not begin with {@code CANVAS_} are ignored
   */
  static Settings load(Path file, Map<String, String> environment) {
    Settings settings = new Settings(FlatYaml.read("the defaults", defaults(), LISTS));
    if (file != null) {
      settings.apply(file);
    }
    settings.apply(environment);
    return settings;
  }

  /** Whether the value comes from a file of its own, which a variable with {@code _FILE} names. */
  boolean hasOwnFile(String key) {
    return ownFiles.containsKey(key);
  }

  /**
   * The same settings, with one read again from its own file, if it has one. May be used by another
   * thread once all settings have been read.
   *
   * @throws StartFailure if the file cannot be read
   */
  Settings readAgain(String key) {
    Settings again = new Settings(new TreeMap<>(values));
    again.file = file;
    again.inFile.addAll(inFile);
    again.ownFiles.putAll(ownFiles);
    if (hasOwnFile(key)) {
      again.values.put(key, FileVariables.content(variable(key), ownFiles.get(key)));
    }
    return again;
  }

  /** Problems that the operator should see but that do not prevent a start. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  String text(String key) {
    return values.get(key);
  }

  /** All settings, in the order of their names, with what has been read of them. */
  List<Setting> all() {
    return values.keySet().stream().map(this::setting).toList();
  }

  private Setting setting(String key) {
    String shown = SECRETS.contains(key) ? hidden(key) : Redactor.redactUri(values.get(key));
    Optional<String> source =
        values.get(key).equals(defaults.get(key))
            ? Optional.empty()
            : Optional.of(inFile.contains(key) ? file.toString() : source(key));
    return new Setting(key, variable(key), shown, source, allowed.getOrDefault(key, ""));
  }

  private String hidden(String key) {
    return values.get(key).isEmpty() ? "" : "…";
  }

  /** A text that matches a regular expression as a whole. */
  String matching(String key, String pattern, String expected) {
    allowed.put(key, expected);
    if (values.get(key).matches(pattern)) {
      return values.get(key);
    }
    throw refused(key, expected);
  }

  /**
   * The values of a setting that may have several: separated by commas or line breaks, as a file of
   * its own may have lines, and comments, which begin with #.
   */
  List<String> list(String key) {
    return values
        .get(key)
        .lines()
        .filter(line -> !line.stripLeading().startsWith("#"))
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  int integer(String key, int min, int max) {
    String expected = "a whole number from " + min + " to " + max;
    allowed.put(key, expected);
    try {
      int value = Integer.parseInt(values.get(key));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw refused(key, expected);
  }

  Duration duration(String key, Duration min, Duration max) {
    String expected = "a duration from " + DurationText.of(min) + " to " + DurationText.of(max);
    allowed.put(key, expected);
    return DurationText.parse(values.get(key))
        .filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0)
        .orElseThrow(() -> refused(key, expected + ", such as 50ms, 10s or 5m"));
  }

  /** A number from 0 to 1. */
  double share(String key) {
    allowed.put(key, "a number from 0 to 1");
    try {
      double value = Double.parseDouble(values.get(key));
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw refused(key, "a number from 0 to 1, such as 0.01");
  }

  boolean flag(String key) {
    return oneOf(key, "true", "false").equals("true");
  }

  String oneOf(String key, String... choice) {
    String expected = String.join(" or ", choice);
    allowed.put(key, expected);
    String text = values.get(key);
    if (List.of(choice).contains(text)) {
      return text;
    }
    throw refused(key, expected);
  }

  /** The failure of an invalid setting. */
  StartFailure refused(String key, String expected) {
    return new StartFailure(
        "%s is '%s': expected %s"
            .formatted(named(key), Redactor.redactUri(values.get(key)), expected));
  }

  /** The failure of an invalid setting whose value must not be shown. */
  StartFailure refusedSecret(String key, String expected) {
    return new StartFailure("%s is invalid: expected %s".formatted(named(key), expected));
  }

  /** A setting with its variable, and with the file if its value comes from one. */
  private String named(String key) {
    String from = inFile.contains(key) ? file.toString() : ownFiles.get(key);
    return "%s (%s%s)".formatted(key, source(key), from == null ? "" : ", here set in " + from);
  }

  /** The variable that has set a value, or may. */
  private String source(String key) {
    return variable(key) + (hasOwnFile(key) ? FileVariables.SUFFIX : "");
  }

  private void apply(Path source) {
    file = source;
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw new StartFailure("The configuration file " + file + " does not exist", missing);
    } catch (CharacterCodingException otherEncoding) {
      throw new StartFailure("The configuration file " + file + " is not UTF-8", otherEncoding);
    } catch (IOException unreadable) {
      throw new StartFailure(
          "The configuration file %s cannot be read (%s): grant read permission, or name another by --config"
              .formatted(file, StartFailure.cause(unreadable)),
          unreadable);
    }
    FlatYaml.read(file.toString(), yaml, LISTS)
        .forEach(
            (key, value) -> {
              if (!values.containsKey(key)) {
                throw new StartFailure(
                    "%s: '%s' is not a setting. Did you mean '%s'? conf/canvas.yaml lists all settings"
                        .formatted(file, key, Misspelling.mostSimilar(key, values.keySet())));
              }
              values.put(key, value);
              inFile.add(key);
            });
  }

  private void apply(Map<String, String> environment) {
    Map<String, String> keys = new TreeMap<>();
    values.keySet().forEach(key -> keys.put(variable(key), key));
    Map<String, String> files = FileVariables.files(environment, keys.keySet());
    files.forEach((variable, name) -> ownFiles.put(keys.get(variable), name));
    FileVariables.read(environment, files)
        .forEach(
            (variable, value) -> {
              String key = keys.get(variable);
              if (KubernetesVariables.isOne(variable, value)) {
                if (key != null) {
                  warnings.add(KubernetesVariables.notTaken(variable, value, key, values.get(key)));
                }
              } else if (key != null) {
                values.put(key, value);
                inFile.remove(key);
              } else if (variable.startsWith(PREFIX) && !variable.equals(JAVA_OPTIONS)) {
                // Only a warning: a shared environment may serve another release too.
                warnings.add(
                    ("%s is not a setting of this release and is ignored. Did you mean %s? "
                            + "conf/canvas.yaml lists all settings")
                        .formatted(variable, Misspelling.mostSimilar(variable, keys.keySet())));
              }
            });
  }

  /** {@code conf/canvas.yaml} of this release. */
  static String defaults() {
    try (InputStream in = Settings.class.getResourceAsStream("/conf/canvas.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new StartFailure("The jar is broken: it has no conf/canvas.yaml", broken);
    }
  }

  private static String variable(String key) {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
