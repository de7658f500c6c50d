package dev.canvas.media;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the secrets out of texts that people see: log lines, messages, findings and problems. A
 * secret is known by where it stands: a password before the {@code @} of a URI, the value of a
 * parameter that is called a password, and the credentials of an {@code Authorization} field.
 */
public final class Redactor {

  /** Stands for a secret. */
  private static final String HIDDEN = "…";

  private record Rule(Pattern secret, String shown) {}

  private static final String NAME = "(?:password|passwd|pwd|passphrase|secret)";

  private static final List<Rule> RULES =
      List.of(
          // Up to the last @, because a password may have one that is not encoded.
          new Rule(Pattern.compile("(://[^\\s:/@]*):[^\\s'\"]*@"), "$1:" + HIDDEN + "@"),
          new Rule(
              Pattern.compile("(?i)(" + NAME + "=)(?:\"[^\"]*\"|[^\\s&;,'\"()]+)"), "$1" + HIDDEN),
          new Rule(Pattern.compile("(?i)(\"[^\"]*" + NAME + "\"\\s*:\\s*\")[^\"]*"), "$1" + HIDDEN),
          new Rule(
              Pattern.compile("(?i)(authorization\\s*[:=]\\s*\\w+\\s+)[^\\s'\"]+"), "$1" + HIDDEN));

  private static final List<Rule> URI_RULES =
      List.of(
          new Rule(Pattern.compile("(?s)(//[^:/@]*):.*@"), "$1:" + HIDDEN + "@"),
          new Rule(Pattern.compile("(?is)(" + NAME + "=)[^&;]*"), "$1" + HIDDEN));

  private Redactor() {}

  /** A text without its secrets. */
  public static String redact(String text) {
    return mayHaveSecrets(text) ? apply(RULES, text) : text;
  }

  /**
   * Whether any rule could apply; most texts, among them all refusals under overload, need none.
   */
  private static boolean mayHaveSecrets(String text) {
    return text.indexOf('@') >= 0
        || text.indexOf('=') >= 0
        || text.indexOf('"') >= 0
        || text.contains("uthorization")
        || text.contains("UTHORIZATION");
  }

  /** A text that is one URI, perhaps a malformed one, without its secrets. */
  public static String redactUri(String uri) {
    return redact(apply(URI_RULES, uri));
  }

  private static String apply(List<Rule> rules, String text) {
    String shown = text;
    for (Rule rule : rules) {
      shown = rule.secret.matcher(shown).replaceAll(rule.shown);
    }
    return shown;
  }
}
