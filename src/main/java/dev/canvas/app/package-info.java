/**
 * The program: the command line on top, then the commands, the running service, the checks and the
 * configuration. The only package that depends on all the others.
 */
package dev.canvas.app;
