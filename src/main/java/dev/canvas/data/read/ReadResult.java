package dev.canvas.data.read;

import dev.canvas.data.store.Row;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;

/** A row, and where it came from. Immutable. */
public record ReadResult(Row row, AnswerSource source) {

  public Lookup lookup() {
    return row.from(source);
  }
}
