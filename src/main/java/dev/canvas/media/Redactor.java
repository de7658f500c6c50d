package dev.canvas.media;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Takes the secrets out of texts that people see: log lines, messages, findings and problems. A
 * secret is known by where it stands: a password before the {@code @} of a URI, the value of a
 * parameter that is called a password, and the credentials of an {@code Authorization} field.
 */
public final class Redactor {

  /** Stands for a secret. */
  private static final String HIDDEN = "…";

  /**
   * A secret, and what is shown in its place.
   *
   * @param possible tells cheaply whether a text may have one: nearly all log lines have none
   */
  private record Rule(Predicate<String> possible, Pattern secret, String shown) {}

  private static final String NAME = "(?:password|passwd|pwd|passphrase|secret)";

  /** What each name begins with. */
  private static final List<String> NAMES = List.of("pass", "pwd", "secret");

  private static final List<Rule> RULES =
      List.of(
          // Up to the last @, because a password may have one that is not encoded.
          new Rule(
              text -> text.indexOf('@') >= 0,
              Pattern.compile("(://[^\\s:/@]*):[^\\s'\"]*@"),
              "$1:" + HIDDEN + "@"),
          new Rule(
              text -> text.indexOf('=') >= 0 && has(text, NAMES),
              Pattern.compile("(?i)(" + NAME + "=)(?:\"[^\"]*\"|[^\\s&;,'\"()]+)"),
              "$1" + HIDDEN),
          new Rule(
              text -> text.indexOf('"') >= 0 && has(text, NAMES),
              Pattern.compile("(?i)(\"[^\"]*" + NAME + "\"\\s*:\\s*\")[^\"]*"),
              "$1" + HIDDEN),
          new Rule(
              text -> has(text, List.of("authorization")),
              Pattern.compile("(?i)(authorization\\s*[:=]\\s*\\w+\\s+)[^\\s'\"]+"),
              "$1" + HIDDEN));

  private static final List<Rule> URI_RULES =
      List.of(
          new Rule(text -> true, Pattern.compile("(?s)(//[^:/@]*):.*@"), "$1:" + HIDDEN + "@"),
          new Rule(text -> true, Pattern.compile("(?is)(" + NAME + "=)[^&;]*"), "$1" + HIDDEN));

  private Redactor() {}

  /** A text without its secrets. */
  public static String redact(String text) {
    return apply(RULES, text);
  }

  /** A text that is one URI, perhaps a malformed one, without its secrets. */
  public static String redactUri(String uri) {
    return redact(apply(URI_RULES, uri));
  }

  private static String apply(List<Rule> rules, String text) {
    String shown = text;
    for (Rule rule : rules) {
      if (rule.possible.test(shown)) {
        shown = rule.secret.matcher(shown).replaceAll(rule.shown);
      }
    }
    return shown;
  }

  private static boolean has(String text, List<String> words) {
    for (int at = 0; at < text.length(); at++) {
      char first = Character.toLowerCase(text.charAt(at));
      for (String word : words) {
        if (first == word.charAt(0) && text.regionMatches(true, at, word, 0, word.length())) {
          return true;
        }
      }
    }
    return false;
  }
}
