package dev.canvas.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the traces of requests go. Immutable.
 *
 * @param endpoint the base address of a collector that takes OTLP over HTTP
 * @param headers are sent with each export, such as an API key
 * @param sample the share of the traces that begin here which are recorded, from 0 to 1; a trace
 *     that a caller has begun is recorded if the caller says so
 * @param service the name of this service in the traces
 */
public record TracingSettings(
    URI endpoint, Map<String, String> headers, double sample, String service) {

  /** Copies the headers. */
  public TracingSettings {
    headers = Map.copyOf(headers);
  }

  /** Reads the settings of tracing; empty if it is turned off. */
  static Optional<TracingSettings> read(Settings settings) {
    Map<String, String> headers = headers(settings);
    double sample = settings.share("tracing.sample");
    String service = settings.text("tracing.service").strip();
    if (service.isEmpty()) {
      throw settings.refused("tracing.service", "the name of this service in the traces");
    }
    return settings.text("tracing.endpoint").isBlank()
        ? Optional.empty()
        : Optional.of(new TracingSettings(endpoint(settings), headers, sample, service));
  }

  private static URI endpoint(Settings settings) {
    String key = "tracing.endpoint";
    String allowed = "no value, or an address such as http://127.0.0.1:4318";
    try {
      URI endpoint = new URI(settings.text(key).strip());
      boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
      if (http
          && endpoint.getHost() != null
          && endpoint.getRawUserInfo() == null
          && endpoint.getRawQuery() == null
          && endpoint.getRawFragment() == null) {
        return endpoint;
      }
    } catch (URISyntaxException malformed) {
      throw settings.refused(key, allowed);
    }
    throw settings.refused(key, allowed);
  }

  private static Map<String, String> headers(Settings settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header : settings.list("tracing.headers")) {
      String[] parts = header.split("=", 2);
      if (parts.length < 2
          || !parts[0].strip().matches("[A-Za-z0-9_-]+")
          || !parts[1].strip().matches("[\\x20-\\x7e]+")) {
        throw settings.refusedSecret("tracing.headers", "entries NAME=VALUE, such as api-key=KEY");
      }
      headers.put(parts[0].strip(), parts[1].strip());
    }
    return headers;
  }
}
