package dev.canvas.app.cluster;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
import org.infinispan.multimap.impl.Bucket;

/**
 * Joins what two parts of a cluster know of the consumers of an address, when the parts find each
 * other: the consumers of both. Each part has only recorded its own, as it removes those of a node
 * that it gives up. Without a policy, Infinispan keeps the records of one part, and leaves those of
 * the other with their owners, who take them for known to all. Immutable.
 */
final class JoinedConsumers implements EntryMergePolicy<String, Bucket<byte[]>> {

  @Override
  public CacheEntry<String, Bucket<byte[]>> merge(
      CacheEntry<String, Bucket<byte[]>> preferred,
      List<CacheEntry<String, Bucket<byte[]>>> others) {
    List<CacheEntry<String, Bucket<byte[]>>> all =
        Stream.concat(Stream.of(preferred), others.stream()).filter(Objects::nonNull).toList();
    if (all.isEmpty()) {
      return null;
    }
    CacheEntry<String, Bucket<byte[]>> joined = all.get(0).clone();
    joined.setValue(
        all.stream().map(CacheEntry::getValue).reduce(new Bucket<>(), JoinedConsumers::join));
    return joined;
  }

  private static Bucket<byte[]> join(Bucket<byte[]> some, Bucket<byte[]> others) {
    Bucket<byte[]> joined = some;
    for (byte[] consumer : others.toSet()) {
      Bucket<byte[]> longer = joined.add(consumer, false);
      // Null if it is there already.
      joined = longer == null ? joined : longer;
    }
    return joined;
  }
}
