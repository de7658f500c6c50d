package dev.canvas.data;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * A connection to Redis: asks for the server's run id and loads the scripts. The client is made for
 * this one connection, so that closing it closes the socket even when the server no longer reads.
 *
 * <p>RESP2, as a push message of RESP3 shifts the replies of pipelined commands in this client.
 */
final class RedisLink implements Link<RedisSession> {

  private static final String LEASE_SCRIPT = resource("lease.lua");
  private static final String FILL_SCRIPT = resource("fill.lua");

  /**
   * Answers that a new connection can mend: scripts gone, a replica reached, data not there yet.
   */
  private static final Set<String> FATAL = Set.of("NOSCRIPT", "READONLY", "LOADING", "MASTERDOWN");

  private final Redis client;
  private final Future<RedisSession> ready;

  /**
   * @param generation the catalogue's, for the keys
   * @param onEnd run when the server ends the connection
   */
  RedisLink(Vertx vertx, String uri, long generation, Runnable onEnd) {
    client =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(uri)
                .setPreferredProtocolVersion(ProtocolVersion.RESP2)
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setNetClientOptions(new NetClientOptions().setTcpNoDelay(true)));
    ready = client.connect().compose(connection -> prepare(connection, generation, onEnd));
  }

  private static Future<RedisSession> prepare(
      RedisConnection connection, long generation, Runnable onEnd) {
    connection.endHandler(end -> onEnd.run());
    connection.exceptionHandler(failure -> onEnd.run());
    Future<String> runId =
        connection.send(Request.cmd(Command.INFO).arg("server")).map(RedisLink::runId);
    Future<Response> lease =
        connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(LEASE_SCRIPT));
    Future<Response> fill =
        connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(FILL_SCRIPT));
    return Future.all(runId, lease, fill)
        .map(
            loaded ->
                new RedisSession(
                    connection,
                    "canvas:" + runId.result() + ":" + generation + ":m:",
                    lease.result().toString(),
                    fill.result().toString()));
  }

  @Override
  public Future<RedisSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public boolean isFatal(Throwable failure) {
    if (failure instanceof ErrorType answer) {
      return FATAL.stream().anyMatch(answer::is) || answer.is("CONNECTION_CLOSED");
    }
    return true;
  }

  private static String runId(Response info) {
    return info.toString()
        .lines()
        .filter(line -> line.startsWith("run_id:"))
        .map(line -> line.substring("run_id:".length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("INFO server tells no run_id"));
  }

  private static String resource(String name) {
    try (InputStream in = RedisLink.class.getResourceAsStream(name)) {
      return Buffer.buffer(in.readAllBytes()).toString();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(name, unreadable);
    }
  }
}
