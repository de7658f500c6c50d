package dev.canvas.data;

import dev.canvas.control.Tiers;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Store;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the connections of all data verticles of a process, so that its health can be told without
 * asking an event loop, which may be late. Thread-safe.
 */
final class ConnectedTiers {

  private record Connections(Cache cache, Store store) {}

  private final Map<String, Connections> verticles = new ConcurrentHashMap<>();
  private final OutageLog cacheOutages;
  private final OutageLog storeOutages;

  ConnectedTiers(OutageLog cacheOutages, OutageLog storeOutages) {
    this.cacheOutages = cacheOutages;
    this.storeOutages = storeOutages;
  }

  /** Adds a data verticle that serves. */
  void add(String verticle, Cache cache, Store store) {
    verticles.put(verticle, new Connections(cache, store));
  }

  /** Removes a data verticle that leaves. */
  void remove(String verticle) {
    verticles.remove(verticle);
  }

  /** What all of them are connected to; nothing if there are none. */
  Tiers now() {
    Collection<Connections> all = verticles.values();
    return new Tiers(
        !all.isEmpty() && all.stream().allMatch(each -> each.cache.isUp()),
        !all.isEmpty() && all.stream().allMatch(each -> each.store.isUp()),
        cacheOutages.trouble(),
        storeOutages.trouble());
  }
}
