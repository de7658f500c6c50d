/**
 * For services in other processes: {@link dev.canvas.client.CanvasClient} asks for media over the
 * event bus, and {@link dev.canvas.client.Addresses} names what can be asked for.
 *
 * <p>With {@code dev.canvas.cluster}, {@code dev.canvas.media} and {@code dev.canvas.tls} it is the
 * client jar, which needs {@code vertx-infinispan} and nothing else on its class path.
 */
package dev.canvas.client;
