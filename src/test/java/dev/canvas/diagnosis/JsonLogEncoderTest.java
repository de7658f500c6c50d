package dev.canvas.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JsonLogEncoderTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final JsonLogEncoder encoder = new JsonLogEncoder();

  @Test
  void anEventIsOneLineOfJson() {
    JsonObject event = encoded("Two\nlines", null);
    assertEquals("Two\nlines", event.getString("formattedMessage"));
    assertEquals("WARN", event.getString("level"));
    assertEquals("here", event.getString("loggerName"));
    assertFalse(event.getJsonObject("mdc", new JsonObject()).containsKey("trace_id"));
  }

  @Test
  void passwordsAreTakenOutOfMessagesAndFailures() {
    String line =
        encoded(
                "Cannot reach postgresql://canvas:s3cret@db/canvas",
                new IllegalStateException("redis://:s3cret@cache"))
            .encode();
    assertFalse(line.contains("s3cret"), line);
  }

  @Test
  void theTraceIsNamed() {
    SpanContext span =
        SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault());
    Scope scope = Span.wrap(span).makeCurrent();
    try {
      JsonObject ids = encoded("Something", null).getJsonObject("mdc");
      assertEquals(TRACE, ids.getString("trace_id"));
      assertEquals(SPAN, ids.getString("span_id"));
    } finally {
      scope.close();
    }
  }

  private JsonObject encoded(String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("here"), Level.WARN, message, failure, null);
    String text = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertEquals(1, text.lines().count(), text);
    return new JsonObject(text);
  }
}
