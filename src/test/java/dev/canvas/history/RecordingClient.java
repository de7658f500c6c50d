package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import io.vertx.core.Future;

/** A client that records each of its calls as an {@link Operation}. Thread-safe. */
record RecordingClient(Recorder recorder, Channel channel, int client) {

  Future<Answer> read(long product) {
    long invoked = recorder.now();
    return channel
        .read(product)
        .onSuccess(answer -> add(Kind.READ, product, answer.value(), answer, invoked));
  }

  /** Writes a new value. If the answer shows another value, it is recorded as a read of that. */
  Future<Answer> write(long product) {
    long value = recorder.newValue();
    long invoked = recorder.now();
    return channel
        .write(product, value)
        .onSuccess(
            answer -> {
              add(Kind.WRITE, product, value, answer, invoked);
              if (answer.value() != Operation.ABSENT && answer.value() != value) {
                add(Kind.READ, product, answer.value(), answer, invoked);
              }
            });
  }

  Future<Answer> delete(long product) {
    long value = recorder.newValue();
    long invoked = recorder.now();
    return channel
        .delete(product)
        .onSuccess(answer -> add(Kind.DELETE, product, value, answer, invoked));
  }

  private void add(Kind kind, long product, long value, Answer answer, long invoked) {
    recorder.add(
        new Operation(
            client,
            channel.node(),
            kind,
            product,
            value,
            answer.version(),
            answer.outcome(),
            invoked,
            recorder.now(),
            answer.note(),
            kind == Kind.READ ? Operation.ABSENT : answer.replaces()));
  }
}
