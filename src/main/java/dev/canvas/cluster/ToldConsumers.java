package dev.canvas.cluster;

import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells Vert.x of the consumers of each address, and remembers what it has told. When parts of a
 * cluster meet, Infinispan drops the records of one part until their owners announce themselves
 * again. So for some seconds, nothing is taken back of what was told of the consumers of members.
 * Thread-safe.
 */
final class ToldConsumers implements RegistrationListener {

  /** Longer than owners take to find that their records are missing, on a busy machine too. */
  private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final RegistrationListener vertx;
  private final Supplier<List<String>> members;
  private final Map<String, Set<RegistrationInfo>> told = new HashMap<>();
  private long heldUntilNanos = System.nanoTime();

  /**
   * @param members the ids of all members of the cluster now
   */
  ToldConsumers(RegistrationListener vertx, Supplier<List<String>> members) {
    this.vertx = vertx;
    this.members = members;
  }

  /** Parts of the cluster meet now. */
  synchronized void hold() {
    heldUntilNanos = System.nanoTime() + HOLD_NANOS;
  }

  /** All addresses that have consumers, as far as was told. */
  synchronized Set<String> addresses() {
    return Set.copyOf(told.keySet());
  }

  /** The consumers of an address to use, when these are the ones on record now. */
  synchronized List<RegistrationInfo> withHeld(String address, List<RegistrationInfo> recorded) {
    if (heldUntilNanos - System.nanoTime() < 0) {
      return recorded;
    }
    Set<String> alive = Set.copyOf(members.get());
    Set<RegistrationInfo> all = new LinkedHashSet<>(recorded);
    told.getOrDefault(address, Set.of()).stream()
        .filter(consumer -> alive.contains(consumer.nodeId()))
        .forEach(all::add);
    return List.copyOf(all);
  }

  /** Tells the consumers of an address, unless Vert.x knows them. */
  synchronized void tell(String address, List<RegistrationInfo> recorded) {
    List<RegistrationInfo> consumers = withHeld(address, recorded);
    if (!Set.copyOf(consumers).equals(told.getOrDefault(address, Set.of()))) {
      registrationsUpdated(new RegistrationUpdateEvent(address, consumers));
    }
  }

  @Override
  public synchronized void registrationsUpdated(RegistrationUpdateEvent event) {
    List<RegistrationInfo> consumers = withHeld(event.address(), event.registrations());
    if (consumers.isEmpty()) {
      told.remove(event.address());
    } else {
      told.put(event.address(), Set.copyOf(consumers));
    }
    vertx.registrationsUpdated(new RegistrationUpdateEvent(event.address(), consumers));
  }

  @Override
  public boolean wantsUpdatesFor(String address) {
    return vertx.wantsUpdatesFor(address);
  }

  @Override
  public void registrationsLost() {
    vertx.registrationsLost();
  }
}
