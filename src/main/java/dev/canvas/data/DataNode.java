package dev.canvas.data;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.control.Tiers;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.cache.RedisCatalogueSwitch;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.MediaRules;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * Assembles the data side of one process: its data verticles and its relay, which share the {@link
 * ProcessState}. The history tests assemble theirs here too, with other {@link DataParts}.
 * Thread-safe.
 */
public final class DataNode {

  private final DataSettings settings;
  private final MediaRules rules;
  private final MeterRegistry registry;
  private final DataParts parts;
  private final ProcessState process;
  private final ConnectedTiers tiers;

  /**
   * @param rules that writes over the bus have to meet
   * @param registry where reads and writes are counted
   */
  public DataNode(DataSettings settings, MediaRules rules, MeterRegistry registry) {
    this(settings, rules, registry, DataParts.of(settings));
  }

  DataNode(DataSettings settings, MediaRules rules, MeterRegistry registry, DataParts parts) {
    this.settings = settings;
    this.rules = rules;
    this.registry = registry;
    this.parts = parts;
    this.process = new ProcessState(settings.cache().near());
    this.tiers = new ConnectedTiers(process.redisOutages(), parts.stores().outages());
  }

  /** The number of connections that a process with so many data verticles opens to Postgres. */
  public static int postgresConnections(int dataVerticles) {
    return 3 * dataVerticles + 2;
  }

  /**
   * Switches the caches of all nodes when a load replaces the catalogue.
   *
   * @param store id of the store, which separates its caches from others in the same Redis
   */
  public static CatalogueSwitch catalogueSwitch(Vertx vertx, DataSettings settings, String store) {
    return new RedisCatalogueSwitch(vertx, settings.cache().redis(), store);
  }

  /**
   * Creates a verticle that serves media; deploy as many as there are cores.
   *
   * @param name of this instance in the metrics, unique in the process
   */
  public VerticleBase data(String name) {
    return new DataVerticle(name, settings, parts, process, tiers, rules, registry);
  }

  /** Which servers the data verticles of this process are connected to now. */
  public Tiers tiers() {
    return tiers.now();
  }

  /**
   * Creates the verticle that relays committed changes and keeps the near cache valid; deploy one,
   * before the data verticles.
   *
   * @param relays whether it may relay, or leaves that to other processes
   */
  public VerticleBase relay(boolean relays) {
    return new RelayVerticle(settings.cache(), parts, process, registry, relays);
  }

  /** Creates the relay of an event loop, which its caller drives. */
  RelayLoop relayLoop(Context context, Consumer<Outbox.Message> listener) {
    return new RelayLoop(context, settings.cache(), parts, process, listener, heard -> {}, true);
  }
}
