/** Contracts for operating a process: scaling, loading, and switching the catalogue. */
package dev.canvas.control;
