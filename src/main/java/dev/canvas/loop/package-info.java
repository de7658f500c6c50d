/** Timers of event loops. */
package dev.canvas.loop;
