package dev.canvas.bus;

import dev.canvas.media.Change;

/** The request for a change, of whichever kind. Immutable. */
record WriteRequest(Change change) {}
