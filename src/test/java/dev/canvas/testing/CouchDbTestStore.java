package dev.canvas.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** A database at a CouchDB server, which the test accesses over HTTP as any client would. */
public final class CouchDbTestStore implements TestStore {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String name = "canvas-" + UUID.randomUUID();
  private final URI server;

  /** Chooses a name; the service creates the database. */
  public CouchDbTestStore(String serverUri) {
    this.server = URI.create(serverUri);
  }

  /** The URI of the database. */
  public String uri() {
    return uri(server.toString());
  }

  /** The URI of the database through another address of the server, such as a proxy. */
  public String uri(String serverUri) {
    return serverUri + "/" + name;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        "CANVAS_STORE", "couchdb",
        "CANVAS_COUCHDB_URI", uri(),
        "CANVAS_COUCHDB_TIMEOUT", "10s",
        "CANVAS_COUCHDB_WRITE_TIMEOUT", "2s");
  }

  @Override
  public String tier() {
    return "couchdb";
  }

  /** Nothing to do: the epoch of the database keeps its Redis keys apart. */
  @Override
  public void prepared() {}

  @Override
  public void put(long productId, String items) {
    JsonObject document = new JsonObject().put("media", items);
    expect(201, request("PUT", id(productId), document.encode()));
    // Otherwise the relay would invalidate the lease of the first reader.
    await().until(() -> isRelayed(productId));
  }

  @Override
  public String document(long productId) {
    return "{\"product_id\":%d,\"version\":%d,\"media\":%s}"
        .formatted(productId, version(productId), get(id(productId)).getString("media"));
  }

  @Override
  public long version(long productId) {
    String revision = get(id(productId)).getString("_rev");
    return generation() + Long.parseLong(revision.substring(0, revision.indexOf('-')));
  }

  @Override
  public long generation() {
    return get("canvas").getLong("epoch");
  }

  @Override
  public void close() {
    expect(200, request("DELETE", "", null));
  }

  /** Reads a path below the database. */
  public JsonObject get(String path) {
    return new JsonObject(expect(200, request("GET", path, null)).body());
  }

  /** Sends a request to a path below the database. */
  public HttpResponse<String> request(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (server.getUserInfo() != null) {
      byte[] user = server.getUserInfo().getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The id of a product's document. */
  public static String id(long productId) {
    return "%016d".formatted(productId);
  }

  private URI address(String path) {
    return URI.create(
        "http://%s:%d/%s/%s".formatted(server.getHost(), server.getPort(), name, path));
  }

  private boolean isRelayed(long productId) {
    String since = get("canvas-relay").getValue("since").toString();
    JsonObject ids = new JsonObject().put("doc_ids", JsonArray.of(id(productId)));
    HttpResponse<String> changes =
        request(
            "POST",
            "_changes?filter=_doc_ids&since=" + URLEncoder.encode(since, StandardCharsets.UTF_8),
            ids.encode());
    return new JsonObject(expect(200, changes).body()).getJsonArray("results").isEmpty();
  }

  private static HttpResponse<String> expect(int status, HttpResponse<String> answer) {
    if (answer.statusCode() != status) {
      throw new IllegalStateException(answer + " " + answer.body());
    }
    return answer;
  }
}
