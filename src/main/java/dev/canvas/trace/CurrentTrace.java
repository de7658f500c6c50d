package dev.canvas.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;

/** The span that the running code belongs to. Thread-safe. */
public final class CurrentTrace {

  private CurrentTrace() {}

  /** The ids of the current span; empty outside of a trace. */
  public static Optional<SpanContext> span() {
    SpanContext span = Span.current().getSpanContext();
    return span.isValid() ? Optional.of(span) : Optional.empty();
  }

  /** The current span as W3C Trace Context writes it; empty outside of a trace. */
  public static Optional<String> traceparent() {
    return span()
        .map(
            span ->
                "00-%s-%s-%s"
                    .formatted(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex()));
  }
}
