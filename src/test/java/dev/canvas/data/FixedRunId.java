package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A proxy to Redis that makes every run of the server report the same identity. Thread-safe. */
public final class FixedRunId implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final NetServer listener = vertx.createNetServer();
  private final URI redis;

  /** Listens on a free loopback port. */
  public FixedRunId(String redisUri) {
    this.redis = URI.create(redisUri);
    await(listener.connectHandler(this::accept).listen(0, "127.0.0.1"));
  }

  /** The URI of Redis through this proxy. */
  public String uri() {
    return "redis://127.0.0.1:" + listener.actualPort();
  }

  private void accept(NetSocket caller) {
    caller.pause();
    client
        .connect(redis.getPort(), redis.getHost())
        .onFailure(away -> caller.close())
        .onSuccess(
            called -> {
              caller.handler(called::write).closeHandler(end -> called.close());
              called
                  .handler(answer -> caller.write(fixed(answer)))
                  .closeHandler(end -> caller.close());
              caller.resume();
            });
  }

  private static Buffer fixed(Buffer answer) {
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    return text.contains("run_id:") || text.contains("master_replid:")
        ? Buffer.buffer(
            text.replaceAll("(run_id|master_replid):\\w{40}", "$1:" + "0".repeat(40))
                .getBytes(StandardCharsets.ISO_8859_1))
        : answer;
  }

  private static void await(Future<?> future) {
    try {
      future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
