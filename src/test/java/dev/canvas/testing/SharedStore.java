package dev.canvas.testing;

import java.util.Map;

/** The store of another service, for a second node. It is neither prepared again nor closed. */
public record SharedStore(TestStore store) implements TestStore {

  @Override
  public Map<String, String> environment() {
    return store.environment();
  }

  @Override
  public String tier() {
    return store.tier();
  }

  @Override
  public void prepared() {}

  @Override
  public void put(long productId, String items) {
    store.put(productId, items);
  }

  @Override
  public String document(long productId) {
    return store.document(productId);
  }

  @Override
  public long version(long productId) {
    return store.version(productId);
  }

  @Override
  public long generation() {
    return store.generation();
  }

  @Override
  public void close() {}
}
