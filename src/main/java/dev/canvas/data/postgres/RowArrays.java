package dev.canvas.data.postgres;

import dev.canvas.data.store.RowWrite;
import java.util.Comparator;
import java.util.List;

/** Rows as the arrays of a statement. */
final class RowArrays {

  private RowArrays() {}

  /** In the order in which rows are locked. */
  static List<RowWrite> sorted(List<RowWrite> writes) {
    return writes.stream().sorted(Comparator.comparing(row -> row.productId().value())).toList();
  }

  static Long[] ids(List<RowWrite> rows) {
    return rows.stream().map(row -> row.productId().value()).toArray(Long[]::new);
  }

  /** An empty one is a tombstone. */
  static String[] items(List<RowWrite> rows) {
    return rows.stream()
        .map(row -> row.items().map(Object::toString).orElse(""))
        .toArray(String[]::new);
  }

  static Long[] expected(List<RowWrite> rows) {
    return rows.stream().map(RowWrite::expected).toArray(Long[]::new);
  }
}
