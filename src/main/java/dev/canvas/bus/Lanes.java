package dev.canvas.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;

/**
 * The lanes of a process: on an event loop with a data verticle, that verticle consumes on
 * addresses of this loop too, and an HTTP verticle of the same loop sends there, so that a read
 * changes no thread. Thread-safe.
 */
final class Lanes {

  private final LocalMap<String, Integer> verticles;

  Lanes(Vertx vertx) {
    verticles = vertx.sharedData().getLocalMap("canvas.lanes");
  }

  /** The address of a lane: a loop's thread has a name that no other of the process has. */
  static String of(String address, String loop) {
    return address + "@" + loop;
  }

  static String thisLoop() {
    return Thread.currentThread().getName();
  }

  void open(String loop) {
    verticles.merge(loop, 1, Integer::sum);
  }

  void close(String loop) {
    verticles.computeIfPresent(loop, (key, open) -> open == 1 ? null : open - 1);
  }

  boolean isOpen(String loop) {
    return verticles.containsKey(loop);
  }
}
