/** Decides how much work an event loop takes on, so that what it takes on is answered in time. */
package dev.canvas.data.admission;
