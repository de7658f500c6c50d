package dev.canvas.diagnosis;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.canvas.media.Redactor;
import dev.canvas.trace.CurrentTrace;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * Writes log events as JSON, one line each, without their secrets, and with the ids of the trace
 * that the code belongs to ({@code trace_id}, {@code span_id}).
 */
final class JsonLogEncoder extends JsonEncoder {

  private static final String TRACE_ID = "trace_id";
  private static final String SPAN_ID = "span_id";

  JsonLogEncoder() {
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithContext(false);
    setWithArguments(false);
    setWithFormattedMessage(true);
    setWithMessage(false);
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Optional<SpanContext> span = CurrentTrace.span();
    if (span.isEmpty()) {
      return redacted(event);
    }
    // The event takes them from there when it is first asked for them.
    MDC.put(TRACE_ID, span.get().getTraceId());
    MDC.put(SPAN_ID, span.get().getSpanId());
    try {
      return redacted(event);
    } finally {
      MDC.remove(TRACE_ID);
      MDC.remove(SPAN_ID);
    }
  }

  private byte[] redacted(ILoggingEvent event) {
    // Every slash is escaped, which JSON allows, but which hides addresses.
    String line = new String(super.encode(event), StandardCharsets.UTF_8).replace("\\/", "/");
    return Redactor.redact(line).getBytes(StandardCharsets.UTF_8);
  }
}
