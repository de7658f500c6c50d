package dev.canvas.testing;

import java.util.Map;

/** An empty store of one test class that the test can fill and inspect. */
public interface TestStore extends AutoCloseable {

  /**
   * Creates a store on the shared servers, of the kind that {@code CANVAS_TEST_STORE} names: {@code
   * postgres} (the default) or {@code couchdb}.
   */
  static TestStore configured() {
    String kind = System.getenv().getOrDefault("CANVAS_TEST_STORE", "postgres");
    return switch (kind) {
      case "postgres" -> new PostgresTestStore(TestServers.shared().postgresUri());
      case "couchdb" -> new CouchDbTestStore(TestCouchDb.shared());
      default ->
          throw new IllegalStateException(
              "CANVAS_TEST_STORE is '" + kind + "': expected postgres or couchdb");
    };
  }

  /** The environment variables that make a service use this store. */
  Map<String, String> environment();

  /** The name of the store in the header {@code Cache-Status}. */
  String tier();

  /** Must be called after the tables have been created and before the service starts. */
  void prepared();

  /** Stores a product without the service. It must not have been requested yet. */
  void put(long productId, String items);

  /** The document that the service must return. */
  String document(long productId);

  /** The version of a product. */
  long version(long productId);

  /** The generation of the catalogue, which is part of the keys in Redis. */
  long generation();

  @Override
  void close();
}
