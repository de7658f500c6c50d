/**
 * The event bus: its addresses, the form of its messages, the {@link dev.canvas.media.MediaService}
 * over it, and the client for other services.
 *
 * <p>A request travels from {@link dev.canvas.bus.BusMediaService} to {@link
 * dev.canvas.bus.MediaConsumers}: on a lane ({@code LaneRegistry}, {@code LaneClient}) if a data
 * verticle runs on the same event loop, otherwise through {@code RequestSender} and a {@code
 * RecordCodec}. {@code JsonRequests} serves other services.
 */
package dev.canvas.bus;
