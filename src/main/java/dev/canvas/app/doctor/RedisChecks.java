package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisFailure;
import dev.canvas.redis.RedisRights;
import dev.canvas.redis.RedisSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks the Redis server of the cache, by doing what the service does. */
final class RedisChecks {

  private static final int MIN_MAJOR_VERSION = 6;
  private static final int TIMEOUT_SECONDS = 3;

  private final RedisSettings settings;

  RedisChecks(Configuration configuration) {
    this.settings = configuration.data().cache().redis();
  }

  List<Finding> findings() {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      return findings(vertx);
    } finally {
      vertx.close();
    }
  }

  private List<Finding> findings(Vertx vertx) {
    AsyncResult<RedisConnection> opened = answer(new RedisClient(vertx, settings).connect());
    if (opened.failed()) {
      return List.of(unusable(opened.cause()));
    }
    RedisConnection connection = opened.result();
    AsyncResult<String> told =
        answer(connection.send(Request.cmd(Command.INFO)).map(Object::toString));
    if (told.failed()) {
      return List.of(unusable(told.cause()));
    }
    Map<String, String> info = fields(told.result());
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("redis", "reachable at " + settings));
    findings.add(version(info.getOrDefault("redis_version", "unknown")));
    findings.add(role(info.getOrDefault("role", "master")));
    findings.add(tried("redis rights", RedisRights.check(connection)));
    findings.add(
        tried(
            "redis channels",
            new RedisClient(vertx, settings).connect().compose(RedisRights::checkSubscription)));
    findings.add(memory(info));
    return findings;
  }

  /** One that is away may come later; one that refuses will go on refusing. */
  private Finding unusable(Throwable failure) {
    Diagnosis diagnosis = RedisFailure.of(failure);
    String remedy =
        "%s; now it is %s, and without a Redis every read goes to the store"
            .formatted(diagnosis.remedy(), settings);
    return RedisFailure.isAway(failure)
        ? Finding.warn("redis", diagnosis.problem(), remedy)
        : Finding.fail("redis", diagnosis.problem(), remedy);
  }

  private static Finding version(String version) {
    String major = version.replaceFirst("\\..*", "");
    return Finding.failUnless(
        !major.matches("\\d{1,3}") || Integer.parseInt(major) >= MIN_MAJOR_VERSION,
        "redis version",
        version,
        "upgrade to Redis " + MIN_MAJOR_VERSION + " or later");
  }

  private static Finding role(String role) {
    Diagnosis replica = RedisFailure.REPLICA;
    return role.equals("master")
        ? Finding.ok("redis role", "master")
        : Finding.fail("redis role", replica.problem(), replica.remedy());
  }

  /** What is refused here would be refused to the service, which then does without the cache. */
  private static Finding tried(String subject, Future<?> attempt) {
    AsyncResult<?> done = answer(attempt);
    if (done.succeeded()) {
      return Finding.ok(subject, "sufficient");
    }
    Diagnosis refused = RedisFailure.of(done.cause());
    return Finding.fail(
        subject, refused.problem(), refused.remedy() + "; until then every read goes to the store");
  }

  private static Finding memory(Map<String, String> info) {
    String policy = info.getOrDefault("maxmemory_policy", "of unknown policy");
    boolean bounded = !info.getOrDefault("maxmemory", "0").equals("0");
    return Finding.warnUnless(
        bounded && policy.startsWith("allkeys"),
        "redis memory",
        "maxmemory %s, %s, %s in use"
            .formatted(
                bounded ? info.get("maxmemory_human") : "unlimited",
                policy,
                info.get("used_memory_human")),
        "Redis is a cache here: set maxmemory to a limit and maxmemory-policy to allkeys-lru");
  }

  private static Map<String, String> fields(String info) {
    return info.lines()
        .filter(line -> line.contains(":"))
        .map(line -> line.strip().split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
  }

  /** Waits for an outcome. An error of Redis is no exception, so it is never thrown here. */
  private static <T> AsyncResult<T> answer(Future<T> future) {
    Future<AsyncResult<T>> outcome =
        future.transform(Function.<AsyncResult<T>>identity().andThen(Future::succeededFuture));
    try {
      return outcome.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      return Future.failedFuture(late);
    }
  }
}
