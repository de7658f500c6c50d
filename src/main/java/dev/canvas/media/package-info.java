/**
 * The kernel: a product's media, the service that serves them, and what can go wrong. It depends on
 * no other package of Canvas.
 */
package dev.canvas.media;
