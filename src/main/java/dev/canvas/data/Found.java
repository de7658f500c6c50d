package dev.canvas.data;

import dev.canvas.media.Lookup;
import dev.canvas.media.Source;

/** A row, and where it came from. Immutable. */
record Found(Row row, Source source) {

  Lookup lookup() {
    return row.from(source);
  }
}
