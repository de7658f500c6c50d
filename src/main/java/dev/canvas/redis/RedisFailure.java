package dev.canvas.redis;

import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.tls.TlsFailure;
import io.vertx.redis.client.impl.types.ErrorType;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Says what a failure of Redis means and what to do about it: the one table of its errors, for the
 * log, the health and the doctor.
 */
public final class RedisFailure {

  private static final String URI = "in CANVAS_REDIS_URI";

  private static final Diagnosis AWAY =
      new Diagnosis("it does not answer", "start it, or correct the host and the port " + URI);

  private static final Diagnosis SILENT =
      new Diagnosis(
          "it accepts connections, but does not answer",
          "see whether it is frozen or overloaded (redis-cli --latency), and check the port "
              + URI
              + ", and whether it has TLS if that is rediss://");

  private static final Diagnosis NO_REDIS =
      new Diagnosis(
          "it closes the connection without an answer",
          "check that a Redis listens on the port "
              + URI
              + ", and whether it needs rediss:// (TLS)");

  private static final Diagnosis UNKNOWN =
      new Diagnosis("it refuses a command", "see the log of Redis");

  static final Diagnosis SENTINEL =
      new Diagnosis(
          "it is a Sentinel",
          "name it as redis-sentinel://host:26379/NAME, with the name of the master");

  static final Diagnosis CLUSTER =
      new Diagnosis(
          "it is a Redis Cluster, which Canvas cannot use",
          "name a Redis without cluster mode, or redis-sentinel://… " + URI);

  private static final Diagnosis STARTING =
      new Diagnosis("it is not ready", "wait: Canvas connects when it is");

  private static final Diagnosis LACKS_A_RIGHT =
      new Diagnosis(
          "the user lacks a right",
          "acl setuser USER ~canvas:* &canvas:* +@read +@write +@pubsub +@scripting +@connection"
              + " +info +role +time");

  private static final Diagnosis OTHER_DATABASE =
      new Diagnosis("it has no database of that number", "correct the number " + URI);

  /** It follows a master. */
  public static final Diagnosis REPLICA =
      new Diagnosis(
          "it is a replica, which takes no writes",
          "name the master, or its Sentinels (redis-sentinel://…), " + URI);

  /** By the first word of an error, or by its beginning. The first match counts. */
  private static final Map<String, Diagnosis> TABLE = new LinkedHashMap<>();

  static {
    put("WRONGPASS", "it refuses the user or the password", "correct them " + URI);
    put("NOAUTH", "it wants a password", "set one " + URI);
    put("ERR AUTH", "it has no password, but is given one", "remove the password " + URI);
    put("ERR Client sent AUTH", "it has no password, but is given one", "remove it " + URI);
    put("ERR invalid password", "it refuses the password", "correct it " + URI);
    TABLE.put("NOPERM", LACKS_A_RIGHT);
    TABLE.put("ERR The user executing the script", LACKS_A_RIGHT);
    put(
        "OOM",
        "it is full, and its maxmemory-policy lets it discard nothing",
        "set maxmemory-policy to allkeys-lru, or raise maxmemory");
    put(
        "MISCONF",
        "it cannot save its data to disk, and therefore takes no writes",
        "make room on its disk, or set stop-writes-on-bgsave-error to no: it is a cache here");
    put(
        "NOREPLICAS",
        "it takes no writes, because it has too few replicas",
        "start its replicas, or lower min-replicas-to-write");
    TABLE.put("READONLY", REPLICA);
    TABLE.put("MASTERDOWN", REPLICA);
    TABLE.put("LOADING", STARTING);
    TABLE.put("TRYAGAIN", STARTING);
    for (String kind : Set.of("CROSSSLOT", "MOVED", "ASK", "CLUSTERDOWN")) {
      TABLE.put(kind, CLUSTER);
    }
    TABLE.put("ERR SELECT is not allowed in cluster mode", CLUSTER);
    put("BUSY", "a script of somebody else blocks it", "end it: redis-cli script kill");
    put(
        "DENIED",
        "it is in protected mode, which lets in its own machine only",
        "set a password or a bind address in its configuration");
    put(
        "ERR max number of clients",
        "all of its connections are in use",
        "raise maxclients, or close other clients");
    TABLE.put("ERR DB index", OTHER_DATABASE);
    TABLE.put("ERR invalid DB index", OTHER_DATABASE);
    put(
        "ERR unknown command",
        "it lacks a command that Canvas needs",
        "use Redis 6 or later, without renamed commands; a Sentinel is named by"
            + " redis-sentinel://host:26379/NAME");
    TABLE.put("CONNECTION_CLOSED", NO_REDIS);
  }

  private RedisFailure() {}

  private static void put(String beginning, String problem, String remedy) {
    TABLE.put(beginning, new Diagnosis(problem, remedy));
  }

  /** Explains a failure of the client, or one that has it as its cause. */
  public static Diagnosis of(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      innermost = cause;
      if (cause instanceof UnsupportedRedisException unsupported) {
        return unsupported.diagnosis();
      }
      if (cause instanceof TlsFailure tls) {
        return new Diagnosis("there is no TLS connection", tls.getMessage());
      }
      if (cause instanceof ErrorType answer) {
        return answered(answer);
      }
      if (cause instanceof UnknownHostException) {
        return new Diagnosis("its host is unknown", "correct the host " + URI)
            .saying(cause.getMessage());
      }
    }
    if (innermost instanceof TimeoutException) {
      return SILENT;
    }
    if (innermost instanceof ClosedChannelException) {
      return NO_REDIS;
    }
    if (innermost instanceof IOException) {
      return AWAY.saying(innermost.getMessage());
    }
    return new Diagnosis(text(innermost), "check what CANVAS_REDIS_URI names");
  }

  /**
   * The same as one line, for failures of a connection that was in use. Those that are not the
   * server's have their own words.
   */
  public static String told(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ErrorType answer && answer.is("CONNECTION_CLOSED")) {
        return "the server closed the connection";
      }
      if (cause instanceof ErrorType
          || cause instanceof IOException
          || cause instanceof UnsupportedRedisException) {
        return of(cause).toString();
      }
    }
    return text(failure);
  }

  /** Whether nobody has answered, so that the server may come later. */
  public static boolean isAway(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TlsFailure || cause instanceof UnsupportedRedisException) {
        return false;
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static Diagnosis answered(ErrorType answer) {
    String message = text(answer);
    for (Map.Entry<String, Diagnosis> known : TABLE.entrySet()) {
      if (names(message, known.getKey())) {
        return known.getKey().equals(message) ? known.getValue() : known.getValue().saying(message);
      }
    }
    return UNKNOWN.saying(message);
  }

  /** Redis before 7 puts the error of a command in a script behind words of its own. */
  private static boolean names(String message, String beginning) {
    return message.startsWith(beginning) || message.contains(": -" + beginning);
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
