package dev.canvas.http.page;

/**
 * What a page says of a product beside its media. Immutable.
 *
 * @param name its name
 * @param description a sentence or two about it, or null
 */
record ProductText(String name, String description) {}
