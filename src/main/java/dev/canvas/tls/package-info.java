/** TLS to the stores: the PEM files that it needs, and what a failed handshake means. */
package dev.canvas.tls;
