package dev.canvas.app.server;

import com.sun.management.OperatingSystemMXBean;
import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Tiers;
import dev.canvas.control.Verticles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Describes this node to the other nodes of its cluster.
 *
 * @param registry has the lag of the event loops
 */
record SelfReport(
    Set<NodeRole> roles, Verticles verticles, Supplier<Tiers> tiers, MeterRegistry registry)
    implements Supplier<NodeReport> {

  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** The release that runs here. */
  static final String RELEASE =
      Objects.requireNonNullElse(
          SelfReport.class.getPackage().getImplementationVersion(), "development");

  @Override
  public NodeReport get() {
    return new NodeReport(
        roles,
        verticles.deployed().toJson(),
        tiers.get(),
        RELEASE,
        MACHINE.getProcessCpuLoad(),
        registry.find("canvas.loop.lag").timers().stream()
            .mapToDouble(SelfReport::maxMs)
            .max()
            .orElse(0));
  }

  private static double maxMs(Timer lag) {
    return lag.max(TimeUnit.MILLISECONDS);
  }
}
