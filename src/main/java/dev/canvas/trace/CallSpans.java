package dev.canvas.trace;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Records calls within the process as spans of the request's trace. Vert.x does that for its HTTP
 * server and for addresses of the event bus. It cannot for lanes, nor for what many requests send
 * together, such as one command of Redis. Without a tracer, or outside of a trace, nothing is
 * recorded. Thread-safe.
 */
public final class CallSpans {

  /**
   * A call of a server. Immutable.
   *
   * @param system as OpenTelemetry names it: {@code redis}, {@code postgresql}, {@code couchdb}
   * @param operation what it does, such as {@code read}
   * @param product the id of the product; empty if there are several
   */
  public record Call(String system, String operation, String product) {

    private String name() {
      return system + " " + operation;
    }
  }

  /** The names of the semantic conventions, except for the product. */
  private static final List<String> TAGS =
      List.of("db.system.name", "db.operation.name", "canvas.product");

  private static final TagExtractor<Call> CALL_TAGS =
      new TagExtractor<>() {
        @Override
        public int len(Call call) {
          return call.product.isEmpty() ? 2 : 3;
        }

        @Override
        public String name(Call call, int index) {
          return TAGS.get(index);
        }

        @Override
        public String value(Call call, int index) {
          return switch (index) {
            case 0 -> call.system;
            case 1 -> call.operation;
            default -> call.product;
          };
        }
      };

  private final Vertx vertx;

  /** Null if nothing is traced. */
  private final VertxTracer<Object, Object> tracer;

  private CallSpans(Vertx vertx, VertxTracer<Object, Object> tracer) {
    this.vertx = vertx;
    this.tracer = tracer;
  }

  /** Records to the tracer of Vert.x, if there is one. */
  @SuppressWarnings("unchecked")
  public static CallSpans of(Vertx vertx) {
    return new CallSpans(vertx, (VertxTracer<Object, Object>) ((VertxInternal) vertx).tracer());
  }

  /** Whether there is a tracer. */
  public boolean isOn() {
    return tracer != null;
  }

  /** Calls a server. Within a trace, the answer arrives on the context of the caller. */
  public <T> Future<T> call(Call call, Supplier<Future<T>> work) {
    return record(call.name(), call, CALL_TAGS, new HashMap<>(), headers -> work.get());
  }

  /**
   * Sends a request to another context, which {@link #serve}s it.
   *
   * @param work sends the headers along, which name the trace; there are none outside of a trace
   */
  public <T> Future<T> send(String address, Function<Map<String, String>, Future<T>> work) {
    return record(address, address, TagExtractor.empty(), new HashMap<>(), work);
  }

  private <R, T> Future<T> record(
      String name,
      R request,
      TagExtractor<R> tags,
      Map<String, String> headers,
      Function<Map<String, String>, Future<T>> work) {
    if (tracer == null) {
      return work.apply(headers);
    }
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    Object span =
        tracer.sendRequest(
            caller, SpanKind.RPC, TracingPolicy.PROPAGATE, request, name, headers::put, tags);
    if (span == null) {
      return work.apply(headers);
    }
    var answer = caller.<T>promise();
    work.apply(headers)
        .onComplete(
            (result, failure) -> {
              tracer.receiveResponse(caller, null, span, failure, TagExtractor.empty());
              answer.complete(result, failure);
            });
    return answer.future();
  }

  /**
   * Serves a request in the trace that its headers name.
   *
   * @param headers as {@link #send} has given them, at least one
   */
  public <T> Future<T> serve(
      String address, Map<String, String> headers, Supplier<Future<T>> work) {
    // Others are served on the same context.
    ContextInternal own = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
    var answer = own.<T>promise();
    own.dispatch(
        here -> {
          Object span =
              tracer.receiveRequest(
                  own,
                  SpanKind.RPC,
                  TracingPolicy.PROPAGATE,
                  address,
                  address,
                  headers.entrySet(),
                  TagExtractor.empty());
          work.get()
              .onComplete(
                  (result, failure) -> {
                    tracer.sendResponse(own, null, span, failure, TagExtractor.empty());
                    answer.complete(result, failure);
                  });
        });
    return answer.future();
  }
}
