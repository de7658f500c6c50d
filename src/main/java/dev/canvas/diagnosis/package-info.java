/** What people are told about failures: what is wrong, what to do about it, and no secrets. */
package dev.canvas.diagnosis;
