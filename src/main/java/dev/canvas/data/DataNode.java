package dev.canvas.data;

import dev.canvas.data.cache.ConfirmedInstalls;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.cache.NearCache;
import dev.canvas.media.MediaRules;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.VerticleBase;

/**
 * The data side of one process: makes its verticles, which share what only the process as a whole
 * can know. Thread-safe.
 */
public final class DataNode {

  private final DataSettings settings;
  private final MediaRules rules;
  private final MeterRegistry registry;
  private final NearCache near;
  private final MinimumVersions floors = new MinimumVersions();
  private final ConfirmedInstalls installed = new ConfirmedInstalls();

  /**
   * @param rules of what is written over the bus
   * @param registry where reads and writes are counted
   */
  public DataNode(DataSettings settings, MediaRules rules, MeterRegistry registry) {
    this.settings = settings;
    this.rules = rules;
    this.registry = registry;
    this.near = new NearCache(settings.near());
  }

  /** The connections that a process with so many data verticles has to Postgres. */
  public static int postgresConnections(int dataVerticles) {
    return 3 * dataVerticles + 2;
  }

  /**
   * A verticle that serves the media; deploy as many as there are cores.
   *
   * @param name what this instance is called in the metrics, another for each
   */
  public VerticleBase data(String name) {
    return new DataVerticle(name, settings, rules, near, floors, installed, registry);
  }

  /** The verticle that relays committed changes; deploy one, before the others. */
  public VerticleBase relay() {
    return new RelayVerticle(settings, near, installed, registry);
  }
}
