package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.Settings;
import dev.canvas.app.server.ServiceStart;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What the doctor looks at in Redis. */
public final class RedisChecks {

  private static final int OLDEST = 6;
  private static final int ANSWER_SECONDS = 3;

  private final String uri;

  public RedisChecks(Configuration configuration) {
    this.uri = configuration.data().redisUri();
  }

  public List<Finding> findings() {
    Vertx vertx = Vertx.vertx();
    try {
      return findings(info(vertx));
    } catch (Exception failure) {
      // Future.await throws whatever the connection failed with, checked or not.
      String reason = ServiceStart.firstLine(failure);
      return List.of(
          Finding.warn(
              "redis",
              reason,
              "start it, or set CANVAS_REDIS_URI (now "
                  + Settings.withoutPassword(uri)
                  + "); without it every read goes to Postgres"));
    } finally {
      vertx.close();
    }
  }

  private Map<String, String> info(Vertx vertx) throws TimeoutException {
    String info =
        Redis.createClient(vertx, new RedisOptions().setConnectionString(uri))
            .send(Request.cmd(Command.INFO))
            .await(ANSWER_SECONDS, TimeUnit.SECONDS)
            .toString();
    return info.lines()
        .filter(line -> line.contains(":"))
        .map(line -> line.strip().split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> first));
  }

  private List<Finding> findings(Map<String, String> info) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("redis", "reached at " + Settings.withoutPassword(uri)));
    String version = info.get("redis_version");
    boolean recent = Integer.parseInt(version.replaceFirst("\\..*", "")) >= OLDEST;
    findings.add(
        recent
            ? Finding.ok("redis version", version)
            : Finding.fail("redis version", version, "needs " + OLDEST + " or later: upgrade"));
    findings.add(memory(info));
    return findings;
  }

  private static Finding memory(Map<String, String> info) {
    String policy = info.get("maxmemory_policy");
    boolean bounded = !info.get("maxmemory").equals("0");
    return Finding.unless(
        bounded && policy.startsWith("allkeys"),
        "redis memory",
        "maxmemory %s, %s, %s in use"
            .formatted(
                bounded ? info.get("maxmemory_human") : "unlimited",
                policy,
                info.get("used_memory_human")),
        "it is a cache: set maxmemory to what it may use, and maxmemory-policy allkeys-lru");
  }
}
