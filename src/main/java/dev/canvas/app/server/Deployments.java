package dev.canvas.app.server;

import dev.canvas.control.Role;
import dev.canvas.control.Scaling;
import dev.canvas.control.Verticles;
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
 * The verticles of each role, deployed one at a time so that each can leave by itself. Changes are
 * made one after the other, in the order in which they were asked for. Thread-safe.
 */
final class Deployments implements Verticles {

  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Vertx vertx;
  private final Map<Role, IntFunction<? extends VerticleBase>> makers;
  private final Capacity capacity;
  private final int loops = Runtime.getRuntime().availableProcessors();
  private final Roster roster;
  private Future<?> lastChange = Future.succeededFuture();
  private boolean ending;

  /**
   * @param registry gets a gauge of each role
   * @param makers make a verticle of each role; the argument is the lowest number that no other of
   *     its role has
   * @param capacity is asked before there are more data verticles
   */
  Deployments(
      Vertx vertx,
      MeterRegistry registry,
      Map<Role, IntFunction<? extends VerticleBase>> makers,
      Capacity capacity) {
    this.vertx = vertx;
    this.makers = makers;
    this.capacity = capacity;
    this.roster = new Roster(makers.keySet(), loops);
    for (Role role : makers.keySet()) {
      Gauge.builder("canvas.verticles", () -> roster.count(role))
          .description("Verticles deployed in this process")
          .tag("role", role.text())
          .register(registry);
    }
  }

  @Override
  public Deployed deployed() {
    return roster.deployed();
  }

  /** The first verticles of a role; fails with what the one failed with that did not start. */
  Future<Deployed> start(Scaling scaling) {
    return afterTheLast(() -> grow(scaling)).map(done -> deployed());
  }

  @Override
  public Future<Deployed> scale(Scaling scaling) {
    return afterTheLast(() -> change(scaling)).map(done -> deployed());
  }

  /** Undeploys all of a role at once, waits for no change under way, and lets no other begin. */
  Future<Void> end(Role role) {
    synchronized (this) {
      ending = true;
    }
    return Future.join(roster.of(role).stream().map(each -> undeploy(role, each)).toList())
        .mapEmpty();
  }

  private synchronized <T> Future<T> afterTheLast(Supplier<Future<T>> change) {
    Future<T> next = lastChange.transform(done -> change.get());
    lastChange = next;
    return next;
  }

  private Future<Void> change(Scaling scaling) {
    Role role = scaling.role();
    int before = roster.count(role);
    Future<Void> changed =
        scaling.instances() <= before ? shrink(scaling) : growWithin(scaling, before);
    return changed.onSuccess(
        done ->
            LOG.info("{} {} verticles run, {} before", roster.count(role), role.text(), before));
  }

  /**
   * Makes them more where there is capacity; where one does not start there are as many as before.
   */
  private Future<Void> growWithin(Scaling scaling, int before) {
    Role role = scaling.role();
    return checkCapacity(scaling, before)
        .compose(
            enough ->
                grow(scaling)
                    .recover(
                        failure ->
                            shrink(new Scaling(role, before))
                                .compose(shrunk -> failed(role, before, failure))));
  }

  private Future<Void> checkCapacity(Scaling scaling, int before) {
    return scaling.role() == Role.DATA
        ? vertx.executeBlocking(
            () -> {
              capacity.check(before, scaling.instances());
              return null;
            })
        : Future.succeededFuture();
  }

  private Future<Void> grow(Scaling scaling) {
    if (isEnding()) {
      return Future.failedFuture(Problem.UNAVAILABLE.because("This process is about to end"));
    }
    return roster.count(scaling.role()) >= scaling.instances()
        ? Future.succeededFuture()
        : deploy(scaling.role(), 0).compose(deployed -> grow(scaling));
  }

  private Future<Void> shrink(Scaling scaling) {
    Role role = scaling.role();
    if (isEnding() || roster.count(role) <= scaling.instances()) {
      return Future.succeededFuture();
    }
    Roster.Entry leaving = roster.placement().leaving(role, roster.of(role), Roster.Entry::loop);
    return undeploy(role, leaving).compose(left -> shrink(scaling));
  }

  /** Vert.x deploys on one loop after the other, so the next tries come to the one that suits. */
  private Future<Void> deploy(Role role, int tries) {
    int number = roster.freeNumber(role);
    Placement placement = roster.placement();
    LoopBoundDeployment candidate =
        new LoopBoundDeployment(
            makers.get(role).apply(number),
            loop -> tries > 2 * loops || placement.suits(role, loop));
    return vertx
        .deployVerticle(candidate)
        .onSuccess(id -> roster.add(role, new Roster.Entry(id, number, candidate.loop())))
        .<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof LoopBoundDeployment.ElsewhereException
                    ? deploy(role, tries + 1)
                    : Future.failedFuture(failure));
  }

  /** A verticle that does not end well has ended all the same. */
  private Future<Void> undeploy(Role role, Roster.Entry leaving) {
    return vertx
        .undeploy(leaving.id())
        .onFailure(failure -> LOG.warn("A verticle did not end well", failure))
        .otherwiseEmpty()
        .onComplete(left -> roster.remove(role, leaving));
  }

  private static Future<Void> failed(Role role, int before, Throwable failure) {
    LOG.error("A {} verticle did not start", role.text(), failure);
    return Future.failedFuture(
        Problem.DEPLOYMENT_FAILED.because(
            "A %s verticle did not start (%s); there are %d as before",
            role.text(), ServiceStart.firstLine(failure), before));
  }

  private synchronized boolean isEnding() {
    return ending;
  }
}
