package dev.canvas.app.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;

/** Guesses what somebody meant who misspelt a name. */
final class Spelling {

  private Spelling() {}

  /** The name that has the longest beginning and end in common with another. */
  static String nearest(String misspelt, Collection<String> names) {
    return Collections.max(names, Comparator.comparingInt(name -> inCommon(misspelt, name)));
  }

  private static int inCommon(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int front = 0;
    while (front < most && one.charAt(front) == other.charAt(front)) {
      front++;
    }
    int back = 0;
    while (back < most - front
        && one.charAt(one.length() - 1 - back) == other.charAt(other.length() - 1 - back)) {
      back++;
    }
    return front + back;
  }
}
