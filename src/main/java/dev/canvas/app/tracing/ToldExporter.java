package dev.canvas.app.tracing;

import dev.canvas.app.config.StartFailure;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line when a collector ceases to take spans, and one when it takes them again.
 * Thread-safe.
 */
final class ToldExporter implements SpanExporter {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ToldExporter.class);

  /** The library's own log, with a stack trace for each failure. Kept, or its level is lost. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry.exporter");

  private final SpanExporter exporter;
  private final URI collector;
  private final AtomicBoolean failing = new AtomicBoolean();

  ToldExporter(SpanExporter exporter, URI collector) {
    this.exporter = exporter;
    this.collector = collector;
    LIBRARY.setLevel(Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> tell(result));
  }

  private void tell(CompletableResultCode result) {
    if (!result.isSuccess() && failing.compareAndSet(false, true)) {
      LOG.warn(
          "The collector at {} does not take traces ({}); they are dropped until it does",
          collector,
          reason(result.getFailureThrowable()));
    } else if (result.isSuccess() && failing.compareAndSet(true, false)) {
      LOG.info("The collector at {} takes traces again", collector);
    }
  }

  /** The exception has a cause if there was no answer. */
  private static String reason(Throwable failure) {
    return failure == null || failure.getCause() == null
        ? "it refuses them"
        : StartFailure.reason(failure);
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
