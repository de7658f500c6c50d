package dev.canvas.data;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.cache.RedisCatalogueSwitch;
import dev.canvas.data.cache.Script;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.media.MediaRules;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Assembles the data side of one process: its data verticles and its relay, which share the {@link
 * ProcessState}. The history tests assemble theirs here too, with other {@link Parts}. Thread-safe.
 */
public final class DataNode {

  private final DataSettings settings;
  private final MediaRules rules;
  private final MeterRegistry registry;
  private final Parts parts;
  private final ProcessState process;

  /**
   * What tests replace, to delay calls or to break a rule of the protocol. Immutable.
   *
   * @param stores creates the connections to the store
   * @param scripts the texts of the Redis scripts
   * @param cache decorates the cache of a data verticle
   */
  record Parts(StoreFactory stores, Function<Script, String> scripts, UnaryOperator<Cache> cache) {

    static Parts of(DataSettings settings) {
      return new Parts(settings.stores(), Script::source, UnaryOperator.identity());
    }
  }

  /**
   * @param rules that writes over the bus have to meet
   * @param registry where reads and writes are counted
   */
  public DataNode(DataSettings settings, MediaRules rules, MeterRegistry registry) {
    this(settings, rules, registry, Parts.of(settings));
  }

  DataNode(DataSettings settings, MediaRules rules, MeterRegistry registry, Parts parts) {
    this.settings = settings;
    this.rules = rules;
    this.registry = registry;
    this.parts = parts;
    this.process = new ProcessState(settings.cache().near());
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
    return new RedisCatalogueSwitch(vertx, settings.cache().redisUri(), store);
  }

  /**
   * Creates a verticle that serves media; deploy as many as there are cores.
   *
   * @param name of this instance in the metrics, unique in the process
   */
  public VerticleBase data(String name) {
    return new DataVerticle(name, settings, parts, process, rules, registry);
  }

  /** Creates the verticle that relays committed changes; deploy one, before the data verticles. */
  public VerticleBase relay() {
    return new RelayVerticle(this, process.near(), registry);
  }

  /** Creates the relay of an event loop, which its caller drives. */
  RelayLoop relayLoop(Context context, Consumer<Outbox.Message> listener) {
    return new RelayLoop(context, settings.cache(), parts, process, listener);
  }
}
