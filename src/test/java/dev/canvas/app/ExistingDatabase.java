package dev.canvas.app;

import dev.canvas.testing.TestStore;
import java.util.Map;

/**
 * A database that the test manages itself.
 *
 * @param uri where it is
 */
record ExistingDatabase(String uri) implements TestStore {

  @Override
  public Map<String, String> environment() {
    return Map.of("CANVAS_POSTGRES_URI", uri);
  }

  @Override
  public String tier() {
    return "postgres";
  }

  @Override
  public void prepared() {}

  @Override
  public void put(long productId, String items) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String document(long productId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long version(long productId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long generation() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
