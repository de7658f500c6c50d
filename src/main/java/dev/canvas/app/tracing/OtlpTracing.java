package dev.canvas.app.tracing;

import dev.canvas.app.config.TracingSettings;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.UUID;

/**
 * Records the spans of a process with OpenTelemetry, and sends them in batches by OTLP over HTTP.
 * What a collector does not take in time is dropped; requests never wait for it. Thread-safe.
 */
public final class OtlpTracing {

  private static final String PATH = "/v1/traces";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final OpenTelemetrySdk sdk;
  private final double share;

  /**
   * @param release the version of this service
   */
  public OtlpTracing(TracingSettings settings, String release) {
    this.share = settings.sample();
    this.sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setResource(resource(settings.service(), release))
                    // What begins here has been chosen by SampledTracer.
                    .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter(settings)).build())
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  private static Resource resource(String service, String release) {
    return Resource.getDefault().toBuilder()
        .put("service.name", service)
        .put("service.version", release)
        .put("service.instance.id", UUID.randomUUID().toString())
        .build();
  }

  private static SpanExporter exporter(TracingSettings settings) {
    String base = settings.endpoint().toString();
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH)
            .setTimeout(TIMEOUT)
            .setCompression("gzip");
    settings.headers().forEach(exporter::addHeader);
    return new ToldExporter(exporter.build(), settings.endpoint());
  }

  /** Has a Vert.x record its requests and messages. */
  public void install(VertxBuilder builder, VertxOptions options) {
    options.setTracingOptions(new OpenTelemetryOptions());
    OpenTelemetryTracingFactory factory = new OpenTelemetryTracingFactory(sdk);
    builder.withTracer(any -> new SampledTracer<>(factory.tracer(any), share));
  }

  /** Sends what has been recorded. */
  public Future<Void> close() {
    Promise<Void> sent = Promise.promise();
    sdk.shutdown().whenComplete(sent::complete);
    return sent.future();
  }
}
