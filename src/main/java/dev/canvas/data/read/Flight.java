package dev.canvas.data.read;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * One read of the store, under a lease, that others may join. Belongs to one event loop.
 *
 * @see ReadThrough
 */
final class Flight {

  private final String token;
  private final Promise<ReadResult> answer = Promise.promise();
  private boolean started;

  /**
   * @param token what the lease in Redis carries, used once
   */
  Flight(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  Future<ReadResult> answer() {
    return answer.future();
  }

  /**
   * The select goes out now. Who has asked Redis later may join only on seeing this lease there.
   */
  void start() {
    started = true;
  }

  boolean isStarted() {
    return started;
  }

  void land(Future<ReadResult> result) {
    result.onComplete(answer);
  }
}
