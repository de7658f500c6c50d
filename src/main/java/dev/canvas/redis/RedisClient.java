package dev.canvas.redis;

import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.loop.ClientScope;
import dev.canvas.redis.RedisSettings.Address;
import dev.canvas.redis.RedisSettings.Login;
import dev.canvas.tls.TlsFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes one connection to Redis. Where there are Sentinels, it asks them first which server is the
 * master, and checks that the server itself agrees; so each new connection finds the master of that
 * moment. Refuses a Redis Cluster and, in the place of a Redis, a Sentinel.
 *
 * <p>It speaks RESP2, because in this client a push message of RESP3 shifts the replies of
 * pipelined commands. Use it once, from one event loop.
 */
public final class RedisClient {

  /** How long a Sentinel may take to connect, and to answer, before the next is asked. */
  private static final int SENTINEL_TIMEOUT_MS = 500;

  private final Vertx vertx;
  private final RedisSettings settings;
  private volatile ClientScope<Redis> client;
  private volatile boolean closed;

  public RedisClient(Vertx vertx, RedisSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /** Connects. A failure says in one line why. */
  public Future<RedisConnection> connect() {
    return settings.hasSentinels()
        ? findMaster(0, null).compose(master -> connect(master).compose(this::requireMaster))
        : connect(settings.servers().get(0));
  }

  /** Closes the connection, or gives the attempt up, without waiting for the server. */
  public void close() {
    closed = true;
    closeClient();
  }

  private void closeClient() {
    if (client != null) {
      client.close();
    }
  }

  private Future<RedisConnection> connect(Address address) {
    return open(address, settings.login(), settings.database(), 0)
        .compose(connection -> requireUsable(connection, address));
  }

  private Future<RedisConnection> open(Address address, Login login, int database, int timeoutMs) {
    if (closed) {
      return Future.failedFuture("the attempt to connect was given up");
    }
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    NetClientOptions sockets = new NetClientOptions().setTcpNoDelay(true).setTcpKeepAlive(true);
    if (settings.tls() != null) {
      ClientSSLOptions tls = settings.tls().clientOptions(refusal::set);
      sockets
          .setSsl(true)
          .setTrustAll(tls.isTrustAll())
          .setHostnameVerificationAlgorithm(tls.getHostnameVerificationAlgorithm())
          .setTrustOptions(tls.getTrustOptions())
          .setKeyCertOptions(tls.getKeyCertOptions());
    }
    if (timeoutMs > 0) {
      sockets.setConnectTimeout(timeoutMs);
    }
    RedisOptions options =
        new RedisOptions()
            .setConnectionString(connectionString(address, database))
            .setUser(login.user())
            .setPassword(login.password())
            .setPreferredProtocolVersion(ProtocolVersion.RESP2)
            .setMaxPoolSize(1)
            .setPoolCleanerInterval(-1)
            .setPoolRecycleTimeout(-1)
            // One command serves many requests: their traces tell of it (TracedCache).
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setNetClientOptions(sockets);
    ClientScope<Redis> opened =
        new ClientScope<>(vertx, () -> Redis.createClient(vertx, options), Redis::close);
    client = opened;
    return opened
        .client()
        .connect()
        .recover(failure -> Future.failedFuture(explained(failure, refusal.get(), address)));
  }

  private String connectionString(Address address, int database) {
    if (address.port() == 0) {
      return "unix://%s?db=%d".formatted(address, database);
    }
    // A Sentinel has no databases, and refuses to select one.
    return "%s://%s%s"
        .formatted(
            settings.tls() == null ? "redis" : "rediss",
            address,
            database == 0 ? "" : "/" + database);
  }

  private Throwable explained(Throwable failure, Throwable refusal, Address address) {
    if (settings.tls() == null) {
      return failure;
    }
    return TlsFailure.of(
            refusal == null ? failure : refusal, "Redis at " + address, "redis.ca", "cert and key")
        .<Throwable>map(tls -> tls)
        .orElse(failure);
  }

  private static Future<RedisConnection> requireUsable(
      RedisConnection connection, Address address) {
    return connection
        .send(Request.cmd(Command.INFO).arg("server"))
        .compose(
            info -> {
              String text = info.toString();
              Diagnosis unsupported =
                  text.contains("redis_mode:cluster")
                      ? RedisFailure.CLUSTER
                      : text.contains("redis_mode:sentinel") ? RedisFailure.SENTINEL : null;
              return unsupported == null
                  ? Future.succeededFuture(connection)
                  : Future.failedFuture(
                      new UnsupportedRedisException(address.toString(), unsupported));
            });
  }

  /** Asks the Sentinels in turn, until one knows the master. */
  private Future<Address> findMaster(int index, Throwable first) {
    if (index == settings.servers().size()) {
      return Future.failedFuture(first);
    }
    Address sentinel = settings.servers().get(index);
    return open(sentinel, settings.sentinelLogin(), 0, SENTINEL_TIMEOUT_MS)
        .compose(
            connection ->
                connection.send(
                    Request.cmd(Command.SENTINEL)
                        .arg("get-master-addr-by-name")
                        .arg(settings.master())))
        .compose(answer -> master(answer, sentinel))
        .timeout(SENTINEL_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .onComplete(asked -> closeClient())
        // The client does not pass on the nil by which a Sentinel says that it knows none.
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.failedFuture(
                        "the Sentinel at %s does not answer, or knows no master '%s'"
                            .formatted(sentinel, settings.master()))
                    : Future.failedFuture(failure))
        .recover(failure -> findMaster(index + 1, first == null ? failure : first));
  }

  private Future<Address> master(Response answer, Address sentinel) {
    return answer == null || answer.size() != 2
        ? Future.failedFuture(
            "the Sentinel at %s knows no master '%s'".formatted(sentinel, settings.master()))
        : Future.succeededFuture(new Address(answer.get(0).toString(), answer.get(1).toInteger()));
  }

  /** The Sentinels may not know yet that it has become a replica. */
  private Future<RedisConnection> requireMaster(RedisConnection connection) {
    return connection
        .send(Request.cmd(Command.ROLE))
        .compose(
            role ->
                role.get(0).toString().equals("master")
                    ? Future.succeededFuture(connection)
                    : Future.failedFuture("the Redis that the Sentinels name is a " + role.get(0)));
  }
}
