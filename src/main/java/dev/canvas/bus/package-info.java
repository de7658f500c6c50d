/**
 * The event bus of a node: its addresses, the form of its messages, and the {@link
 * dev.canvas.media.MediaService} over it. The client of other services is {@code
 * dev.canvas.client}.
 *
 * <p>A request travels from {@link dev.canvas.bus.BusMediaService} to {@link
 * dev.canvas.bus.MediaConsumers}: on a lane ({@code LaneRegistry}, {@code LaneClient}) if a data
 * verticle runs on the same event loop, otherwise through {@link dev.canvas.client.RequestSender}
 * and a {@code RecordCodec}. {@code JsonRequests} serves other services.
 */
package dev.canvas.bus;
