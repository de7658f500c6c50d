/**
 * What all who read, write or fill a store have to agree on: how it is laid out, and by which rules
 * ids are given there. Names and numbers, without any doing.
 */
package dev.canvas.store;
