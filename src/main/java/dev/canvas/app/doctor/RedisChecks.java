package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisSettings;
import dev.canvas.redis.UnsupportedRedisException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Checks the Redis server of the cache. */
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
      return findings(info(vertx));
    } catch (UnsupportedRedisException cluster) {
      return List.of(Finding.fail("redis", cluster.getMessage(), "use another Redis"));
    } catch (Exception failure) {
      // Future.await rethrows the failure of the connection, even a checked one.
      String reason = StartFailure.reason(failure);
      return List.of(
          Finding.warn(
              "redis",
              reason,
              "start it, or set CANVAS_REDIS_URI (now "
                  + settings
                  + "); without it every read goes to the store"));
    } finally {
      vertx.close();
    }
  }

  private Map<String, String> info(Vertx vertx) throws TimeoutException {
    RedisClient client = new RedisClient(vertx, settings);
    String info =
        client
            .connect()
            .compose(connection -> connection.send(Request.cmd(Command.INFO)))
            .await(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .toString();
    return info.lines()
        .filter(line -> line.contains(":"))
        .map(line -> line.strip().split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
  }

  private List<Finding> findings(Map<String, String> info) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("redis", "reachable at " + settings));
    String version = info.get("redis_version");
    boolean recent = Integer.parseInt(version.replaceFirst("\\..*", "")) >= MIN_MAJOR_VERSION;
    findings.add(
        Finding.failUnless(
            recent,
            "redis version",
            version,
            "upgrade to Redis " + MIN_MAJOR_VERSION + " or later"));
    findings.add(memory(info));
    return findings;
  }

  private static Finding memory(Map<String, String> info) {
    String policy = info.get("maxmemory_policy");
    boolean bounded = !info.get("maxmemory").equals("0");
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
}
