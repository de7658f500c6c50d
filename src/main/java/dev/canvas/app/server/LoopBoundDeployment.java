package dev.canvas.app.server;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Predicate;

/** A verticle that is started only on an event loop that suits. Deployed once. */
final class LoopBoundDeployment implements Deployable {

  /** It was not started, as the loop does not suit. */
  static final class ElsewhereException extends RuntimeException {
    ElsewhereException(String loop) {
      super(loop + " does not suit", null, false, false);
    }
  }

  private final VerticleBase verticle;
  private final Predicate<String> suits;
  private volatile String loop;

  /**
   * @param suits tells by its name whether an event loop suits
   */
  LoopBoundDeployment(VerticleBase verticle, Predicate<String> suits) {
    this.verticle = verticle;
    this.suits = suits;
  }

  /** The name of its event loop; known once deployed. */
  String loop() {
    return loop;
  }

  @Override
  public Future<?> deploy(Context context) throws Exception {
    loop = Thread.currentThread().getName();
    return suits.test(loop)
        ? verticle.deploy(context)
        : Future.failedFuture(new ElsewhereException(loop));
  }

  @Override
  public Future<?> undeploy(Context context) throws Exception {
    return verticle.undeploy(context);
  }
}
