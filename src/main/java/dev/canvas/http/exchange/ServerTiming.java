package dev.canvas.http.exchange;

import dev.canvas.trace.CurrentTrace;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/**
 * Tells browsers how long an answer took and which trace it belongs to, in the header field {@code
 * Server-Timing} (W3C Server Timing). Thread-safe.
 */
public final class ServerTiming implements Handler<RoutingContext> {

  private static final CharSequence NAME = HttpHeaders.createOptimized("server-timing");

  @Override
  public void handle(RoutingContext exchange) {
    long began = System.nanoTime();
    CurrentTrace.traceparent()
        .ifPresent(
            trace ->
                exchange.addHeadersEndHandler(
                    head -> exchange.response().putHeader(NAME, timing(began, trace))));
    exchange.next();
  }

  private static String timing(long began, String trace) {
    double ms = (System.nanoTime() - began) / 1e6;
    return String.format(Locale.ROOT, "total;dur=%.2f, traceparent;desc=\"%s\"", ms, trace);
  }
}
