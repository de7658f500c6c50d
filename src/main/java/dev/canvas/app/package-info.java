/**
 * The program: its commands, its configuration, the order of deployment and the way down. It is the
 * only package that knows all the others.
 */
package dev.canvas.app;
