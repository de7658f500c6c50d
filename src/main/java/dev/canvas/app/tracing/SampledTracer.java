package dev.canvas.app.tracing;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Map.Entry;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/**
 * Decides at once which of the requests that belong to no trace begin one, so that the others cost
 * next to nothing: a sampler of OpenTelemetry is asked only when the span, its names and its values
 * have been made. Requests of a trace are left to the tracer behind, which follows their callers.
 * Thread-safe.
 */
final class SampledTracer<I, O> implements VertxTracer<I, O> {

  private static final String PARENT = "traceparent";

  private final VertxTracer<I, O> tracer;
  private final double share;

  /**
   * @param tracer records every trace that begins here
   * @param share how many of the requests begin one, from 0 to 1
   */
  SampledTracer(VertxTracer<I, O> tracer, double share) {
    this.tracer = tracer;
    this.share = share;
  }

  @Override
  public <R> I receiveRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      Iterable<Entry<String, String>> headers,
      TagExtractor<R> tags) {
    return belongsToTrace(headers) || ThreadLocalRandom.current().nextDouble() < share
        ? tracer.receiveRequest(context, kind, policy, request, operation, headers, tags)
        : null;
  }

  private static boolean belongsToTrace(Iterable<Entry<String, String>> headers) {
    if (headers instanceof MultiMap fields) {
      return fields.contains(PARENT);
    }
    for (Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase(PARENT)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public <R> void sendResponse(
      Context context, R response, I span, Throwable failure, TagExtractor<R> tags) {
    if (span != null) {
      tracer.sendResponse(context, response, span, failure, tags);
    }
  }

  @Override
  public <R> O sendRequest(
      Context context,
      SpanKind kind,
      TracingPolicy policy,
      R request,
      String operation,
      BiConsumer<String, String> headers,
      TagExtractor<R> tags) {
    return tracer.sendRequest(context, kind, policy, request, operation, headers, tags);
  }

  @Override
  public <R> void receiveResponse(
      Context context, R response, O span, Throwable failure, TagExtractor<R> tags) {
    if (span != null) {
      tracer.receiveResponse(context, response, span, failure, tags);
    }
  }

  @Override
  public void close() {
    tracer.close();
  }
}
