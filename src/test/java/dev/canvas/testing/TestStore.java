package dev.canvas.testing;

import java.util.Map;

/** A store of one test class, with nothing in it, that can be looked into and filled. */
public interface TestStore extends AutoCloseable {

  /**
   * One of the kind that {@code CANVAS_TEST_STORE} names, {@code postgres} (as where nothing is
   * named) or {@code couchdb}, on the servers of all tests.
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

  /** The variables of the environment with which a service uses it. */
  Map<String, String> environment();

  /** What {@code Cache-Status} calls it. */
  String tier();

  /** To be called once the service's tables are there, and before it starts. */
  void prepared();

  /** Stores a product behind the service's back, one that was not asked for yet. */
  void put(long productId, String items);

  /** The document that the service has to answer. */
  String document(long productId);

  /** The version of a product. */
  long version(long productId);

  /** The catalogue's generation, which is part of the keys in Redis. */
  long generation();

  @Override
  void close();
}
