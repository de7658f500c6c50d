package dev.canvas.app.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;

/** Guesses what somebody meant who has misspelt a name. */
final class Misspelling {

  private Misspelling() {}

  /** The name that shares the longest prefix and suffix with a misspelled one. */
  static String mostSimilar(String misspelled, Collection<String> names) {
    return Collections.max(
        names, Comparator.comparingInt(name -> charactersInCommon(misspelled, name)));
  }

  private static int charactersInCommon(String one, String other) {
    int max = Math.min(one.length(), other.length());
    int prefix = 0;
    while (prefix < max && one.charAt(prefix) == other.charAt(prefix)) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < max - prefix
        && one.charAt(one.length() - 1 - suffix) == other.charAt(other.length() - 1 - suffix)) {
      suffix++;
    }
    return prefix + suffix;
  }
}
