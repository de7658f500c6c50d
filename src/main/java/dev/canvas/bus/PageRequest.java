package dev.canvas.bus;

import dev.canvas.media.ProductId;

/** The request for a page of the catalogue. Immutable. */
record PageRequest(ProductId from, int limit) {}
