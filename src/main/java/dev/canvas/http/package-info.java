/**
 * The HTTP side: the read API, the first service's API, the pages and the management port. Its
 * handlers know the {@link dev.canvas.media.MediaService} and nothing of the bus or the stores.
 */
package dev.canvas.http;
