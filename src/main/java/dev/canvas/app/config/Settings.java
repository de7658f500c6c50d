package dev.canvas.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings as texts, each from the last that gives it: the defaults ({@code conf/canvas.yaml}
 * in the jar), a file, the environment. Reads them as what they have to be, or fails with one line
 * that names the key, its value and what is allowed.
 */
public final class Settings {

  private static final String PREFIX = "CANVAS_";

  /** The launcher's own. */
  private static final String JAVA_OPTIONS = "CANVAS_JAVA_OPTS";

  /** The settings of any number of values; in the environment with commas between. */
  private static final Set<String> LISTS = Set.of("auth.keys", "http.cors-write-origins");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

  private final Map<String, String> values;
  private final List<String> warnings = new ArrayList<>();

  private Settings(Map<String, String> defaults) {
    this.values = defaults;
  }

  /**
   * @param file may be null
   * @param environment the process's variables; those that begin with {@code CANVAS_} count
   */
  static Settings load(Path file, Map<String, String> environment) {
    Settings settings = new Settings(FlatYaml.read("the defaults", defaults(), LISTS));
    if (file != null) {
      settings.apply(file);
    }
    settings.apply(environment);
    return settings;
  }

  /** What is worth a line and no reason to stop. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  public String text(String key) {
    return values.get(key);
  }

  /** The values of a setting that may have any number. */
  public List<String> list(String key) {
    return Arrays.stream(values.get(key).split(","))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  int integer(String key, int least, int most) {
    String text = values.get(key);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, as a number out of range is.
    }
    throw refused(key, "a whole number from " + least + " to " + most);
  }

  public Duration duration(String key, Duration least, Duration most) {
    Matcher matcher = DURATION.matcher(values.get(key));
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration value =
          switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
          };
      if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
        return value;
      }
    }
    throw refused(
        key,
        "a duration from " + shown(least) + " to " + shown(most) + ", such as 50ms, 10s or 5m");
  }

  boolean flag(String key) {
    return oneOf(key, "true", "false").equals("true");
  }

  public String oneOf(String key, String... allowed) {
    String text = values.get(key);
    if (List.of(allowed).contains(text)) {
      return text;
    }
    throw refused(key, String.join(" or ", allowed));
  }

  /** A setting that the caller checks itself. */
  public StartFailure refused(String key, String allowed) {
    return new StartFailure(
        "%s (%s) is '%s': expected %s"
            .formatted(key, variable(key), withoutPassword(values.get(key)), allowed));
  }

  /** The same of a setting whose value is nobody's business. */
  public StartFailure refusedSecret(String key, String allowed) {
    return new StartFailure(
        "%s (%s) cannot be used: expected %s".formatted(key, variable(key), allowed));
  }

  /** The environment variable of a key. */
  static String variable(String key) {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** A URI as it may be shown. */
  public static String withoutPassword(String uri) {
    return uri.replaceAll("(://[^:/@]*):[^@]*@", "$1:…@");
  }

  private void apply(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException unreadable) {
      throw new StartFailure("The configuration file " + file + " cannot be read", unreadable);
    }
    FlatYaml.read(file.toString(), yaml, LISTS)
        .forEach(
            (key, value) -> {
              if (!values.containsKey(key)) {
                throw new StartFailure(
                    "%s: '%s' is not a setting: the nearest is '%s', and conf/canvas.yaml has all"
                        .formatted(file, key, Spelling.nearest(key, values.keySet())));
              }
              values.put(key, value);
            });
  }

  private void apply(Map<String, String> environment) {
    Map<String, String> keys = new TreeMap<>();
    values.keySet().forEach(key -> keys.put(variable(key), key));
    environment.forEach(
        (variable, value) -> {
          if (keys.containsKey(variable)) {
            values.put(keys.get(variable), value);
          } else if (variable.startsWith(PREFIX) && !variable.equals(JAVA_OPTIONS)) {
            // A shared environment may be meant for another release, so this is no reason to stop.
            warnings.add(
                "%s is not a setting of this release and has no effect: the nearest is %s, and conf/canvas.yaml has all"
                    .formatted(variable, Spelling.nearest(variable, keys.keySet())));
          }
        });
  }

  private static String defaults() {
    try (InputStream in = Settings.class.getResourceAsStream("/conf/canvas.yaml")) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new StartFailure("The jar is broken: it has no conf/canvas.yaml", broken);
    }
  }

  private static String shown(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0 || millis % 1_000 != 0) {
      return millis == 0 ? "0s" : millis + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }
}
