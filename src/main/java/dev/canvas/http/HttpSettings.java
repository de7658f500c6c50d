package dev.canvas.http;

/**
 * What an HTTP verticle needs to know. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param cacheControl the Cache-Control of documents
 * @param corsOrigin the origin whose scripts may read, or {@code *}
 */
public record HttpSettings(String host, int port, String cacheControl, String corsOrigin) {}
