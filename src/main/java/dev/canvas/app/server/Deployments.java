package dev.canvas.app.server;

import dev.canvas.app.config.StartFailure;
import dev.canvas.control.Role;
import dev.canvas.control.Scaling;
import dev.canvas.control.Verticles;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.bridge.BridgeSettings;
import dev.canvas.http.bridge.BridgeVerticle;
import dev.canvas.media.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys and undeploys the verticles of each role. Each verticle is a deployment of its own, so
 * that it can be undeployed alone. Changes run one at a time, in the order of the requests.
 * Thread-safe.
 */
final class Deployments implements Verticles {

  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Vertx vertx;
  private final Map<Role, IntFunction<? extends VerticleBase>> factories;
  private final StoreOperations store;
  private final int loops = Runtime.getRuntime().availableProcessors();
  private final RunningVerticles running;
  private Future<?> lastChange = Future.succeededFuture();
  private boolean closing;

  /** The deployment of the TCP bridge; null if there is none. */
  private volatile String bridge;

  /**
   * The name of the event loop that requests do not use; null before the first deployment on it.
   */
  private volatile String controlLoop;

  /**
   * @param registry gets a gauge of each role
   * @param factories create a verticle of each role; the argument is the lowest number that is free
   *     in its role
   * @param store is asked for its capacity before data verticles are added
   */
  Deployments(
      Vertx vertx,
      MeterRegistry registry,
      Map<Role, IntFunction<? extends VerticleBase>> factories,
      StoreOperations store) {
    this.vertx = vertx;
    this.factories = factories;
    this.store = store;
    this.running = new RunningVerticles(factories.keySet(), loops);
    for (Role role : factories.keySet()) {
      Gauge.builder("canvas.verticles", () -> running.count(role))
          .description("Verticles deployed in this process")
          .tag("role", role.text())
          .register(registry);
    }
  }

  /**
   * Deploys a verticle on the control loop: the one event loop that serves no requests. What runs
   * there stays punctual while requests keep the other loops busy.
   *
   * @return the id of the deployment
   */
  Future<String> deployOnControlLoop(VerticleBase verticle) {
    LoopBoundDeployment deployment =
        new LoopBoundDeployment(verticle, loop -> controlLoop == null || loop.equals(controlLoop));
    return vertx
        .deployVerticle(deployment)
        .onSuccess(deploymentId -> controlLoop = deployment.loop())
        .recover(
            failure ->
                failure instanceof LoopBoundDeployment.UnsuitableLoopException
                    ? deployOnControlLoop(verticle)
                    : Future.failedFuture(failure));
  }

  /** Deploys the TCP bridge, if it is used, on one of the event loops that serve requests. */
  Future<Void> startBridge(
      BridgeSettings settings, Supplier<AccessSettings> mayWrite, MeterRegistry registry) {
    return settings.isEnabled()
        ? deployBesideRequests(new BridgeVerticle(settings, mayWrite, registry))
        : Future.succeededFuture();
  }

  private Future<Void> deployBesideRequests(VerticleBase verticle) {
    return vertx
        .deployVerticle(new LoopBoundDeployment(verticle, loop -> !loop.equals(controlLoop)))
        .onSuccess(deploymentId -> bridge = deploymentId)
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof LoopBoundDeployment.UnsuitableLoopException
                    ? deployBesideRequests(verticle)
                    : Future.failedFuture(failure));
  }

  /** Undeploys the TCP bridge, if there is one. */
  Future<Void> stopBridge() {
    return bridge == null
        ? Future.succeededFuture()
        : vertx.undeploy(bridge).<Void>mapEmpty().otherwiseEmpty();
  }

  @Override
  public Deployed deployed() {
    return running.deployed();
  }

  /** Deploys the first verticles of a role; fails with the failure of the first that fails. */
  Future<Deployed> start(Scaling scaling) {
    return enqueue(() -> scaleUp(scaling)).map(done -> deployed());
  }

  @Override
  public Future<Deployed> scale(Scaling scaling) {
    return enqueue(() -> change(scaling)).map(done -> deployed());
  }

  /**
   * Undeploys all verticles of a role at once, without waiting for a change, and refuses others.
   */
  Future<Void> undeployAll(Role role) {
    synchronized (this) {
      closing = true;
    }
    return Future.join(running.of(role).stream().map(each -> undeploy(role, each)).toList())
        .mapEmpty();
  }

  private synchronized <T> Future<T> enqueue(Supplier<Future<T>> change) {
    Future<T> next = lastChange.transform(done -> change.get());
    lastChange = next;
    return next;
  }

  private Future<Void> change(Scaling scaling) {
    Role role = scaling.role();
    if (!factories.containsKey(role)) {
      return Future.failedFuture(
          Problem.MALFORMED_REQUEST.because(
              "This node has no %s verticles: its setting roles (CANVAS_ROLES) does not name %s",
              role.text(), role.text()));
    }
    int before = running.count(role);
    Future<Void> changed =
        scaling.instances() <= before ? scaleDown(scaling) : scaleUpOrRevert(scaling, before);
    return changed.onSuccess(
        done ->
            LOG.info(
                "Scaled the {} verticles from {} to {}", role.text(), before, running.count(role)));
  }

  private Future<Void> scaleUpOrRevert(Scaling scaling, int before) {
    Role role = scaling.role();
    return checkCapacity(scaling, before)
        .compose(
            checked ->
                scaleUp(scaling)
                    .recover(
                        failure ->
                            scaleDown(new Scaling(role, before))
                                .compose(reverted -> failed(role, before, failure))));
  }

  private Future<Void> checkCapacity(Scaling scaling, int before) {
    return scaling.role() == Role.DATA
        ? vertx.executeBlocking(
            () -> {
              store.checkCapacity(before, scaling.instances());
              return null;
            })
        : Future.succeededFuture();
  }

  private Future<Void> scaleUp(Scaling scaling) {
    if (isClosing()) {
      return Future.failedFuture(Problem.UNAVAILABLE.because("This process is shutting down"));
    }
    return running.count(scaling.role()) >= scaling.instances()
        ? Future.succeededFuture()
        : deploy(scaling.role(), 0).compose(deployed -> scaleUp(scaling));
  }

  private Future<Void> scaleDown(Scaling scaling) {
    Role role = scaling.role();
    if (isClosing() || running.count(role) <= scaling.instances()) {
      return Future.succeededFuture();
    }
    RunningVerticles.Instance chosen =
        running
            .placement()
            .chooseForRemoval(role, running.of(role), RunningVerticles.Instance::loop);
    return undeploy(role, chosen).compose(done -> scaleDown(scaling));
  }

  /** Vert.x assigns the event loops in turn, so retrying reaches a suitable one. */
  private Future<Void> deploy(Role role, int attempts) {
    int number = running.freeNumber(role);
    Placement placement = running.placement();
    LoopBoundDeployment deployment =
        new LoopBoundDeployment(
            factories.get(role).apply(number),
            loop ->
                !loop.equals(controlLoop)
                    && (attempts > 2 * (loops + 1) || placement.isSuitable(role, loop)));
    return vertx
        .deployVerticle(deployment)
        .onSuccess(
            id -> running.add(role, new RunningVerticles.Instance(id, number, deployment.loop())))
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof LoopBoundDeployment.UnsuitableLoopException
                    ? deploy(role, attempts + 1)
                    : Future.failedFuture(failure));
  }

  /** A verticle whose {@code stop} fails is undeployed all the same. */
  private Future<Void> undeploy(Role role, RunningVerticles.Instance instance) {
    return vertx
        .undeploy(instance.deploymentId())
        .onFailure(
            failure -> LOG.warn("A {} verticle failed to stop cleanly", role.text(), failure))
        .otherwiseEmpty()
        .onComplete(done -> running.remove(role, instance));
  }

  private static Future<Void> failed(Role role, int before, Throwable failure) {
    LOG.error("A {} verticle failed to start", role.text(), failure);
    return Future.failedFuture(
        Problem.DEPLOYMENT_FAILED.because(
            "A %s verticle failed to start (%s). The number of %s verticles is unchanged: %d",
            role.text(), StartFailure.reason(failure), role.text(), before));
  }

  private synchronized boolean isClosing() {
    return closing;
  }
}
