package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The steps to a running service that {@code up} and {@code serve} share. Blocking. */
public final class ServiceStart {

  private static final int START_SECONDS = 20;
  private static final int STOP_SECONDS = 3;

  private ServiceStart() {}

  /** Fails where a port is taken, before anything is started. */
  public static void checkPorts(Configuration configuration) {
    checkPort("http", configuration.http().host(), configuration.http().port());
    checkPort("management", configuration.management().host(), configuration.management().port());
  }

  /** Brings the store up to this release. */
  public static void migrate(Configuration configuration) {
    Backend.of(configuration).prepare();
  }

  /** Deploys everything, and has it undeployed at the end. */
  public static Server start(Configuration configuration, Lifetime lifetime) {
    return start(configuration, lifetime, () -> {});
  }

  /**
   * Deploys everything, and has it undeployed at the end.
   *
   * @param first what has to be done before; Vert.x comes up meanwhile
   */
  public static Server start(Configuration configuration, Lifetime lifetime, Runnable first) {
    CompletableFuture<Void> prepared = CompletableFuture.runAsync(first);
    Server server = new Server(configuration);
    lifetime.add(() -> server.stop().await(STOP_SECONDS, TimeUnit.SECONDS));
    try {
      prepared.get();
      server.start().await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new StartFailure("The service did not start in " + START_SECONDS + " s", late);
    } catch (ExecutionException unprepared) {
      throw unprepared.getCause() instanceof StartFailure told
          ? told
          : new StartFailure("The service did not start: " + firstLine(unprepared), unprepared);
    } catch (Exception failure) {
      // Future.await throws whatever the start failed with, checked or not.
      throw new StartFailure("The service did not start: " + firstLine(failure), failure);
    }
    return server;
  }

  private static void checkPort(String name, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException taken) {
      throw new StartFailure(
          "Port %d of %s cannot be taken (%s): end what listens there, or set CANVAS_%s_PORT to another"
              .formatted(port, host, taken.getMessage(), name.toUpperCase(java.util.Locale.ROOT)),
          taken);
    }
  }

  /** The innermost cause says it best, in its first line. */
  public static String firstLine(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.lines().findFirst().orElse(text).strip();
  }
}
