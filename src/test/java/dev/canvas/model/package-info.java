/**
 * A model of the protocol between readers, writers, the relay, Redis and the store, and a search
 * through all of its states. {@code docs/protocol-model.md} explains it.
 */
package dev.canvas.model;
