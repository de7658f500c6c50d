package dev.canvas.app.command;

import dev.canvas.app.config.StartFailure;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A running Canvas, as shops use it: reads and writes media over HTTP. Blocking; failures are told
 * as {@link StartFailure}s, in the words of the service.
 *
 * @param address its scheme, host and port
 * @param key the key or the token for writing; empty for none
 */
record MediaServer(URI address, String key) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The media document of a product; empty if it has no media. */
  Optional<JsonObject> get(long productId) {
    HttpResponse<InputStream> response = send(request(path(productId)));
    String body = text(response);
    if (response.statusCode() == 404
        && ProblemException.fromJson(body).problem() == Problem.PRODUCT_NOT_FOUND) {
      return Optional.empty();
    }
    return Optional.of(json(accepted(response, body)));
  }

  /**
   * Replaces the media of a product.
   *
   * @param document as {@link #get} returns it
   * @param version the version that must be replaced: 0 if there must be no media; empty for any
   * @return the new document
   */
  JsonObject put(long productId, String document, Optional<Long> version) {
    HttpRequest.Builder request =
        request(path(productId))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(document));
    HttpResponse<InputStream> response = send(conditional(request, version));
    return json(accepted(response, text(response)));
  }

  /** Deletes the media of a product; see {@link #put}. */
  void delete(long productId, Optional<Long> version) {
    HttpResponse<InputStream> response =
        send(conditional(request(path(productId)).DELETE(), version));
    accepted(response, text(response));
  }

  /** All documents of higher ids, one a line, between a first and a last line without a product. */
  InputStream export(long after) {
    HttpResponse<InputStream> response =
        send(request("/api/media/export" + (after < 0 ? "" : "?after=" + after)));
    if (response.statusCode() != 200) {
      accepted(response, text(response));
    }
    return response.body();
  }

  private static String path(long productId) {
    return "/api/products/" + productId + "/media";
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).timeout(TIMEOUT);
  }

  private static HttpRequest.Builder conditional(
      HttpRequest.Builder request, Optional<Long> version) {
    version.ifPresent(
        wanted ->
            request.header(
                wanted == 0 ? "If-None-Match" : "If-Match",
                wanted == 0 ? "*" : "\"" + wanted + "\""));
    return request;
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder builder) {
    if (!key.isEmpty()) {
      builder.header("Authorization", "Bearer " + key);
    }
    HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    try {
      return client.send(builder.build(), BodyHandlers.ofInputStream());
    } catch (IOException failure) {
      throw new StartFailure(
          "No Canvas responds at %s (%s): start one, or name another with --url"
              .formatted(address, why(failure)),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new StartFailure("Interrupted", interrupted);
    }
  }

  private static String why(IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    if (failure instanceof ConnectException) {
      boolean unknown =
          failure.getCause() != null
              && failure.getCause().getCause() instanceof UnresolvedAddressException;
      return unknown ? "its host is unknown" : "nothing listens there";
    }
    return StartFailure.reason(failure);
  }

  private String text(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new StartFailure("The answer of %s broke off".formatted(address), broken);
    }
  }

  /** A problem is told with all of its faults. */
  private static String accepted(HttpResponse<InputStream> response, String body) {
    if (response.statusCode() / 100 == 2) {
      return body;
    }
    StringBuilder told = new StringBuilder(ProblemException.fromJson(body).getMessage());
    JsonArray faults = faults(body);
    // The message tells the first.
    for (int number = 1; number < faults.size(); number++) {
      JsonObject fault = faults.getJsonObject(number);
      told.append("\n  %s: %s".formatted(fault.getString("pointer"), fault.getString("detail")));
    }
    if (response.statusCode() == 401) {
      told.append("\nGive the key or the token by --key-file FILE");
    }
    throw new StartFailure(told.toString());
  }

  private static JsonArray faults(String body) {
    try {
      return new JsonObject(body).getJsonArray("errors", new JsonArray());
    } catch (DecodeException | ClassCastException none) {
      return new JsonArray();
    }
  }

  private JsonObject json(String body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException other) {
      throw new StartFailure("What answers at %s is no Canvas".formatted(address), other);
    }
  }
}
