package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Lets calls pass, holds them until it is opened, or fails them. Thread-safe. */
public final class Gate {

  private Promise<Void> opened = Promise.promise();
  private Promise<Void> reached = Promise.promise();

  Gate() {
    opened.complete();
  }

  /** Holds calls from now on; completes when there is one. */
  public synchronized Future<Void> hold() {
    opened = Promise.promise();
    reached = Promise.promise();
    return reached.future();
  }

  /** Lets those that are held go on, and later ones pass. */
  public synchronized void open() {
    opened.tryComplete();
  }

  /** Fails calls from now on. */
  public synchronized void shut() {
    opened = Promise.promise();
    opened.fail("shut");
  }

  synchronized Future<Void> pass() {
    reached.tryComplete();
    return opened.future();
  }
}
