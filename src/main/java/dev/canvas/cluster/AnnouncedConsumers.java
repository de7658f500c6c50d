package dev.canvas.cluster;

import io.vertx.core.Future;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Announces this node's own consumers again when the others have lost them: because they had given
 * this node up, or because parts of the cluster have met. Thread-safe.
 */
final class AnnouncedConsumers {

  /** What the members have on record of consumers. */
  interface Records {

    /** The consumers of an address. */
    Future<List<RegistrationInfo>> get(String address);

    /** Adds a consumer for all members. */
    Future<Void> add(String address, RegistrationInfo consumer);

    /** Removes a consumer for all members. */
    Future<Void> remove(String address, RegistrationInfo consumer);

    /** Sends this node's record of an address to all members, unchanged. */
    void send(String address);
  }

  private final Records records;
  private final Map<String, Set<RegistrationInfo>> announced = new ConcurrentHashMap<>();

  AnnouncedConsumers(Records records) {
    this.records = records;
  }

  /** Notes a consumer, which the caller announces. One that is for this node only is not noted. */
  void add(String address, RegistrationInfo consumer) {
    if (!consumer.localOnly()) {
      announced.computeIfAbsent(address, none -> ConcurrentHashMap.newKeySet()).add(consumer);
    }
  }

  /** Forgets a consumer, which the caller takes back. */
  void remove(String address, RegistrationInfo consumer) {
    announced.computeIfPresent(
        address,
        (same, consumers) -> {
          consumers.remove(consumer);
          return consumers.isEmpty() ? null : consumers;
        });
  }

  /** Announces those that are not on record. */
  void announceMissing() {
    announced.forEach(
        (address, own) ->
            records
                .get(address)
                .onSuccess(
                    known ->
                        own.stream()
                            .filter(consumer -> !known.contains(consumer))
                            .forEach(consumer -> announce(address, consumer))));
  }

  private void announce(String address, RegistrationInfo consumer) {
    records
        .add(address, consumer)
        .onSuccess(
            added -> {
              // It may have ended while it was announced.
              if (!announced.getOrDefault(address, Set.of()).contains(consumer)) {
                records.remove(address, consumer);
              }
            });
  }

  /**
   * Sends the records of all own addresses to the members, for those that do not have them. A
   * record that names a node which is not a member is left until that node is removed from it.
   *
   * @param members the ids of all members now
   */
  void sendAgain(Set<String> members) {
    for (String address : announced.keySet()) {
      records
          .get(address)
          .onSuccess(
              known -> {
                if (known.stream().allMatch(consumer -> members.contains(consumer.nodeId()))) {
                  records.send(address);
                }
              });
    }
  }
}
