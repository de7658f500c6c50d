/** Keys and certificates in files that are replaced while the process runs. */
package dev.canvas.renewal;
