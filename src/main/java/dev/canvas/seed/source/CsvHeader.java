package dev.canvas.seed.source;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The columns of a CSV file. A column that is not known stops the load: what it holds would be lost
 * without a word. Immutable.
 *
 * @param columns the number of columns
 * @param productId the index of the column {@code product_id} or {@code shoe_id}
 * @param media the index of the column with the item array; -1 without one
 * @param slots the indexes of the columns of the first service, by name
 */
record CsvHeader(int columns, int productId, int media, Map<String, Integer> slots) {

  private static final String EXPECTED =
      "expected product_id and media, or shoe_id and img1 … img7, vid1, vid2";

  /** Columns of the tables themselves that a load assigns anew. */
  private static final Set<String> NOT_LOADED = Set.of("id", "version", "updated_at");

  private static final int MAX_SHOWN = 200;

  /**
   * Reads the fields of the first line.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if a column is unknown, repeated or
   *     missing, or two of them contradict each other
   */
  static CsvHeader of(List<String> fields) {
    List<String> names =
        fields.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    Map<String, Integer> slots = new HashMap<>();
    Set<String> seen = new TreeSet<>();
    Set<String> repeated = new TreeSet<>();
    Set<String> unknown = new TreeSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (!seen.add(name)) {
        repeated.add(name);
      } else if (name.matches("img[1-7]|vid[12]")) {
        slots.put(name, i);
      } else if (!Set.of("product_id", "shoe_id", "media").contains(name)
          && !NOT_LOADED.contains(name)) {
        unknown.add(name);
      }
    }
    int media = names.indexOf("media");
    int productId = Math.max(names.indexOf("product_id"), names.indexOf("shoe_id"));
    if (productId < 0 || (media < 0 && slots.isEmpty())) {
      throw refused("has the columns", names, EXPECTED);
    }
    if (!unknown.isEmpty()) {
      throw refused(
          "has columns that are not known:", unknown, EXPECTED + "; rename or remove the others");
    }
    if (!repeated.isEmpty()) {
      throw refused("repeats the columns", repeated, "expected each once");
    }
    if (seen.contains("product_id") && seen.contains("shoe_id")) {
      throw refused("has both", List.of("product_id", "shoe_id"), "expected one of them");
    }
    if (media >= 0 && !slots.isEmpty()) {
      throw refused(
          "has media beside", new TreeSet<>(slots.keySet()), "expected the item array or the URLs");
    }
    return new CsvHeader(names.size(), productId, media, Map.copyOf(slots));
  }

  private static ProblemException refused(
      String what, Collection<String> columns, String expected) {
    return Problem.MALFORMED_REQUEST.because(
        "The first line %s '%s': %s", what, printable(String.join(", ", columns)), expected);
  }

  /** Makes a header safe to print on a terminal: a binary file has one too. */
  private static String printable(String text) {
    String printable = text.replaceAll("[^\\p{Print}\\p{L}]", "?");
    return printable.length() <= MAX_SHOWN ? printable : printable.substring(0, MAX_SHOWN) + "…";
  }
}
