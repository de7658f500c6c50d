package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts a server for a command, which waits for it, and has it stopped at shutdown. The start
 * waits for stores that do not answer yet, for as long as {@link Configuration#startTimeout}
 * allows.
 */
public final class ServerStart {

  /** How long the deployment may take beside the waits for the stores. */
  private static final int DEPLOY_SECONDS = 20;

  private static final int STOP_SECONDS = 4;

  /** How much longer a stop of a node of a cluster may take: it takes leave of the others. */
  private static final int LEAVE_SECONDS = 4;

  private ServerStart() {}

  /**
   * Starts a server whose stores are prepared, and its own. Blocking.
   *
   * @param addresses the file with the addresses of its stores
   */
  public static Server of(Configuration configuration, ShutdownHook shutdown, Path addresses) {
    return of(configuration, shutdown, addresses, () -> {});
  }

  /**
   * Starts a server. Blocking.
   *
   * @param preparation runs before the deployment, while Vert.x starts; repeated while it fails
   *     because the store does not answer
   * @throws StartFailure if the preparation or a deployment fails or takes too long
   */
  public static Server of(
      Configuration configuration, ShutdownHook shutdown, Runnable preparation) {
    return of(configuration, shutdown, null, preparation);
  }

  private static Server of(
      Configuration configuration, ShutdownHook shutdown, Path addresses, Runnable preparation) {
    configuration.logFormat().use();
    StartWait wait = new StartWait(configuration.startTimeout());
    CompletableFuture<Void> prepared = CompletableFuture.runAsync(() -> wait.run(preparation));
    Server server = new Server(configuration, addresses);
    long patience = stopLimit(configuration).toMillis();
    shutdown.add(() -> server.stop().await(patience, TimeUnit.MILLISECONDS));
    long limitSeconds = configuration.startTimeout().toSeconds() + DEPLOY_SECONDS;
    try {
      prepared.get();
      server.deploy(wait).await(limitSeconds, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new StartFailure("The service did not start within " + limitSeconds + " s", late);
    } catch (ExecutionException unprepared) {
      throw unprepared.getCause() instanceof StartFailure explained
          ? explained
          : failed(unprepared);
    } catch (Exception failure) {
      // Future.await rethrows the failure of the deployment, even a checked one.
      throw failed(failure);
    }
    return server;
  }

  private static Duration stopLimit(Configuration configuration) {
    return configuration
        .http()
        .connections()
        .drainDelay()
        .plusSeconds(STOP_SECONDS)
        .plusSeconds(configuration.cluster().isPresent() ? LEAVE_SECONDS : 0);
  }

  private static StartFailure failed(Exception failure) {
    return new StartFailure("The service did not start: " + StartFailure.reason(failure), failure);
  }
}
