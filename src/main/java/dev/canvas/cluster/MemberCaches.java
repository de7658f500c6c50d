package dev.canvas.cluster;

import java.util.Optional;
import java.util.Set;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.context.Flag;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.event.MergeEvent;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;

/**
 * The records of nodes and consumers, of which each member has a copy in Infinispan. Thread-safe.
 */
final class MemberCaches {

  private static final String CONSUMERS = "__vertx.subs";

  private static final String NAME = "canvas";

  private final DefaultCacheManager caches;

  MemberCaches(ClusterSettings settings, Optional<MemberTls> tls) {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global
        .transport()
        .transport(new JGroupsTransport(MemberChannel.of(settings, tls)))
        .clusterName(NAME);
    global.jmx().disable();
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    caches = new DefaultCacheManager(global.build(), false);
    Configuration replicated =
        new ConfigurationBuilder().clustering().cacheMode(CacheMode.REPL_SYNC).build();
    caches.defineConfiguration(CONSUMERS, replicated);
    caches.defineConfiguration("__vertx.haInfo", replicated);
    caches.defineConfiguration("__vertx.nodeInfo", replicated);
  }

  /** What the cluster manager of Vert.x works with. */
  DefaultCacheManager infinispan() {
    return caches;
  }

  /**
   * Joins the other members. Blocking.
   *
   * @param met runs each time that parts of the cluster have met, on a thread of Infinispan
   */
  void start(Runnable met) {
    caches.start();
    caches.addListener(new Meetings(met));
  }

  /** Leaves the other members. Blocking. */
  void stop() {
    caches.stop();
  }

  /** The addresses that have consumers, by the copy of this member. */
  Set<String> addresses() {
    return ownCopy().keySet();
  }

  /**
   * Sends this member's record of an address to all others, as a value. A record that is added once
   * more is not sent, if it is in the copy which decides, though it may be in no other one. Does
   * not wait, and does not tell failures.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Whoever has it sent has it sent again.
  void send(String address) {
    ownCopy()
        .getAsync(address)
        .thenAccept(
            record -> {
              if (record != null) {
                consumers().putAsync(address, record);
              }
            });
  }

  private AdvancedCache<String, Object> consumers() {
    return caches.<String, Object>getCache(CONSUMERS).getAdvancedCache();
  }

  private AdvancedCache<String, Object> ownCopy() {
    return consumers().withFlags(Flag.CACHE_MODE_LOCAL);
  }

  /** Hears of parts of the cluster that have met. Public because Infinispan calls it. */
  @Listener
  public static final class Meetings {

    private final Runnable met;

    private Meetings(Runnable met) {
      this.met = met;
    }

    /** Called by Infinispan. */
    @Merged
    public void met(MergeEvent event) {
      met.run();
    }
  }
}
