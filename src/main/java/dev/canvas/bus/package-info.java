/**
 * The event bus: its addresses, how messages travel, the {@link dev.canvas.media.MediaService} over
 * it, and the client for other services.
 */
package dev.canvas.bus;
