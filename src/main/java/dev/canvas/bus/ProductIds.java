package dev.canvas.bus;

import dev.canvas.media.ProductId;
import java.util.List;

/** The request for a batch. Immutable. */
record ProductIds(List<ProductId> values) {
  ProductIds {
    values = List.copyOf(values);
  }
}
