package dev.canvas.data.store;

import io.vertx.core.Future;
import java.util.List;

/**
 * The changes that are committed and wait for the relay: a change and its place here are made in
 * one, whoever makes them. Belongs to one event loop.
 */
public interface Outbox {

  /** Connects; fails where the store cannot be reached now. */
  Future<Void> connect();

  /** Takes the relay's lock, of all who share the store; answers whether it is held. */
  Future<Boolean> lock();

  /** Lets another relay have the lock. */
  Future<Void> unlock();

  /**
   * The rows that came first, and so many more as came together with the last of them. Asked by who
   * holds the lock.
   */
  Future<List<OutboxRow>> first(int limit);

  /** Takes the rows out that were asked for last. */
  Future<Void> delete(List<OutboxRow> rows);

  /** How old the row that came first is, in seconds; 0 where there is none. */
  Future<Double> lag();

  /** Ends the connection. */
  void close();
}
