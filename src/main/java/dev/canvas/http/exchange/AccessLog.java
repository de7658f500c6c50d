package dev.canvas.http.exchange;

import dev.canvas.trace.CurrentTrace;
import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each request once it has been answered: its client, as a trusted proxy tells it, its first
 * line, the status and length of the answer, and the milliseconds that it took. Thread-safe.
 */
public final class AccessLog implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger("access");

  @Override
  public void handle(RoutingContext exchange) {
    long began = System.nanoTime();
    String trace = CurrentTrace.span().map(SpanContext::getTraceId).orElse("");
    exchange.addEndHandler(over -> log(exchange, began, trace, over.succeeded()));
    exchange.next();
  }

  private static void log(RoutingContext exchange, long began, String trace, boolean complete) {
    HttpServerRequest request = exchange.request();
    String client = request.remoteAddress() == null ? "-" : request.remoteAddress().hostAddress();
    String version = request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
    String line = request.method() + " " + request.uri() + " " + version;
    int status = request.response().getStatusCode();
    long bytes = request.response().bytesWritten();
    double ms = Math.round((System.nanoTime() - began) / 1e4) / 100.0;
    LoggingEventBuilder event =
        LOG.atInfo()
            .addKeyValue("client", client)
            .addKeyValue("request", line)
            .addKeyValue("status", status)
            .addKeyValue("bytes", bytes)
            .addKeyValue("ms", ms)
            .addKeyValue("complete", complete);
    if (!trace.isEmpty()) {
      event = event.addKeyValue("trace_id", trace);
    }
    event.log(
        String.format(
            Locale.ROOT,
            "%s \"%s\" %d %d %.2f ms%s%s",
            client,
            line,
            status,
            bytes,
            ms,
            complete ? "" : " cut off",
            trace.isEmpty() ? "" : " trace " + trace));
  }
}
