package dev.canvas.http.bridge;

import dev.canvas.bus.ChangeEvents;
import dev.canvas.http.RunningHttp;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.media.ProductId;
import dev.canvas.testing.BridgeClient;
import dev.canvas.testing.FreePorts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The TCP bridge on a free port, before the fake media service of a {@link RunningHttp}. As a
 * static extension of a test class it ends after each test; a test that needs it starts it.
 */
public final class RunningBridge implements AfterEachCallback {

  /** The limit of connections. */
  static final int CONNECTIONS = 2;

  /** Faster than a test can be. */
  private static final int RATE = 1_000_000;

  /** Longer than a test takes. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private final RunningHttp http;
  private final ChangeEvents events;
  private SimpleMeterRegistry registry;
  private String deployment;
  private int port;

  public RunningBridge(RunningHttp http) {
    this.http = http;
    this.events = new ChangeEvents(http.vertx());
    events.fanOut().await();
  }

  /** Starts it for everybody. */
  public void start() {
    start(new AccessSettings.Open());
  }

  void start(AccessSettings access) {
    start(access, "", "");
  }

  void start(AccessSettings access, String certificate, String key) {
    start(CONNECTIONS, RATE, access, certificate, key, IDLE_TIMEOUT);
  }

  /** Starts it with a limit of frames in a second for each of some connections. */
  void startWithRate(int rate) {
    start(9, rate, new AccessSettings.Open(), "", "", IDLE_TIMEOUT);
  }

  /** Starts it with a limit of silence for each of some connections. */
  void startWithIdleTimeout(Duration idleTimeout) {
    start(9, RATE, new AccessSettings.Open(), "", "", idleTimeout);
  }

  private void start(
      int connections,
      int rate,
      AccessSettings access,
      String certificate,
      String key,
      Duration idleTimeout) {
    registry = new SimpleMeterRegistry();
    port = FreePorts.one();
    BridgeSettings settings =
        new BridgeSettings("127.0.0.1", port, connections, rate, certificate, key);
    deployment =
        http.vertx()
            .deployVerticle(new BridgeVerticle(settings, () -> access, registry, idleTimeout))
            .await();
  }

  int port() {
    return port;
  }

  /** Connects a client. */
  public BridgeClient connect() {
    return new BridgeClient(port);
  }

  /** Publishes a change of a product, as the relay does. */
  void publish(long productId, long version, boolean deleted) {
    events.publish(new ProductId(productId), version, deleted);
  }

  /** How many connections were refused or cut for a reason. */
  double cut(String reason) {
    return registry.counter("canvas.bridge.cut", "reason", reason).count();
  }

  /** How many connections have closed. */
  double closed() {
    return registry.counter("canvas.bridge.closed").count();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    if (deployment != null) {
      http.vertx().undeploy(deployment).await();
      deployment = null;
    }
  }
}
