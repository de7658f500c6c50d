package dev.canvas.app.config;

import dev.canvas.cluster.ClusterSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * The cluster of a node. Immutable.
 *
 * @param membership how the node becomes a member
 * @param readTimeout how long the answer to a read may take that another node is asked for
 */
public record NodeCluster(ClusterSettings membership, Duration readTimeout) {

  /** Reads the settings of the cluster; empty if it is not enabled. */
  static Optional<NodeCluster> read(Settings settings) {
    return settings.flag("cluster.enabled")
        ? Optional.of(
            new NodeCluster(
                membership(settings),
                settings.duration(
                    "cluster.read-timeout", Duration.ofMillis(100), Duration.ofMinutes(1))))
        : Optional.empty();
  }

  private static ClusterSettings membership(Settings settings) {
    try {
      return ClusterSettings.of(name -> settings.text("cluster." + name));
    } catch (ClusterSettings.Refused refused) {
      throw settings.refused(refused.key(), refused.allowed());
    } catch (IllegalArgumentException unusable) {
      throw new StartFailure(unusable.getMessage(), unusable);
    }
  }
}
