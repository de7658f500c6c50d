package dev.canvas.http.management;

/**
 * The address of the management port. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free port
 */
public record ManagementSettings(String host, int port) {}
