package dev.canvas.app.server;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Predicate;

/** Starts a verticle only if Vert.x assigns it a suitable event loop. Deployed once. */
final class LoopBoundDeployment implements Deployable {

  /** The verticle was not started, as its event loop is not suitable. */
  static final class UnsuitableLoopException extends RuntimeException {
    UnsuitableLoopException(String loop) {
      super(loop + " is not suitable", null, false, false);
    }
  }

  private final VerticleBase verticle;
  private final Predicate<String> isSuitable;
  private volatile String loop;

  /**
   * @param isSuitable decides by the name of the event loop
   */
  LoopBoundDeployment(VerticleBase verticle, Predicate<String> isSuitable) {
    this.verticle = verticle;
    this.isSuitable = isSuitable;
  }

  /** The name of the event loop; null before the deployment. */
  String loop() {
    return loop;
  }

  @Override
  public Future<?> deploy(Context context) throws Exception {
    loop = Thread.currentThread().getName();
    return isSuitable.test(loop)
        ? verticle.deploy(context)
        : Future.failedFuture(new UnsuitableLoopException(loop));
  }

  @Override
  public Future<?> undeploy(Context context) throws Exception {
    return verticle.undeploy(context);
  }
}
