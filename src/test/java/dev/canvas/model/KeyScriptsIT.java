package dev.canvas.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.data.cache.Script;
import dev.canvas.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The transitions of the model are those of the Lua scripts: each script, with each kind of
 * arguments, takes a key in Redis from each state to the state, and to the answer, that {@link Key}
 * says. So a script that is changed without the model fails here.
 */
class KeyScriptsIT {

  private static final String PREFIX = "canvas:" + UUID.randomUUID();
  private static final String KEY = PREFIX + ":m:42";
  private static final String CHANNEL = PREFIX + ":changed";
  private static final String LIFE_MS = "60000";
  private static final Pattern TOKEN = Pattern.compile("writer-(\\d),\\d+;");

  /** The end of a fence or a lease in the far future, and one that has passed. */
  private static final String LATER = "9999999999999";

  private static final String BEFORE = "1";

  private static final Key MODEL = new Key(Rule.NONE);

  private static Vertx vertx;
  private static Redis redis;

  /** What near caches are told, and {@link #END} after each script. */
  private static final BlockingQueue<String> MESSAGES = new LinkedBlockingQueue<>();

  private static final String END = "end";

  @BeforeAll
  static void connect() throws TimeoutException {
    vertx = Vertx.vertx();
    redis = Redis.createClient(vertx, TestServers.shared().redisUri());
    RedisConnection subscriber = redis.connect().await(10, TimeUnit.SECONDS);
    subscriber.handler(
        message -> {
          if (message.size() == 3 && message.get(0).toString().equals("message")) {
            MESSAGES.add(message.get(2).toString());
          }
        });
    subscriber.send(Request.cmd(Command.SUBSCRIBE).arg(CHANNEL)).await(10, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws TimeoutException {
    send(Request.cmd(Command.DEL).arg(KEY));
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void fence() throws TimeoutException {
    for (int token = 0; token < State.NODES; token++) {
      int me = token;
      int other = 1 - token;
      for (int key = 0; key < Key.STATES; key++) {
        Response wanted =
            compare(
                key,
                state -> MODEL.fence(state, me, 0),
                true,
                Script.FENCE,
                writer(me),
                LIFE_MS,
                CHANNEL);
        assertEquals(MODEL.isWanted(key) ? 1 : 0, wanted.get(0).toInteger(), Key.text(key));
        if ((Key.tokens(key) & 1 << other) != 0) {
          send(set(KEY, text(key, other)));
          run(Script.FENCE, writer(me), LIFE_MS, CHANNEL);
          assertEquals("42", next());
          assertEquals(
              Key.text(MODEL.fence(key, me, 1 << other)),
              Key.text(read()),
              "a fence whose other token has expired, from " + Key.text(key));
        }
      }
    }
  }

  @Test
  void install() throws TimeoutException {
    for (int token = 0; token < State.NODES; token++) {
      for (int version = 0; version < Key.VERSIONS; version++) {
        for (boolean caches : new boolean[] {false, true}) {
          if (version == 0 && caches) {
            continue;
          }
          int me = token;
          int written = version;
          boolean state = caches;
          for (int key = 0; key < Key.STATES; key++) {
            compare(
                key,
                from -> MODEL.install(from, me, written, state),
                written != 0,
                Script.INSTALL,
                writer(me),
                CHANNEL,
                Integer.toString(written),
                state ? text(Key.VALUE + written, -1) : "",
                LIFE_MS);
          }
        }
      }
    }
  }

  @Test
  void lease() throws TimeoutException {
    for (int token = 0; token < State.NODES; token++) {
      int me = token;
      for (int key = 0; key < Key.STATES; key++) {
        Response state =
            compare(key, from -> MODEL.lease(from, me), false, Script.LEASE, LIFE_MS, reader(me));
        assertEquals(
            Key.text(MODEL.lease(key, me)), Key.text(parse(state.get(0).toString())), "answer");
      }
    }
  }

  @Test
  void fill() throws TimeoutException {
    for (int token = 0; token < State.NODES; token++) {
      for (int version = 0; version < Key.VERSIONS; version++) {
        int me = token;
        int read = version;
        for (int key = 0; key < Key.STATES; key++) {
          Response filled =
              compare(
                  key,
                  from -> MODEL.fill(from, me, read),
                  false,
                  Script.FILL,
                  reader(me),
                  LIFE_MS,
                  text(Key.VALUE + read, -1));
          assertEquals(MODEL.fills(key, me) ? 1 : 0, filled.get(0).toInteger(), Key.text(key));
        }
      }
    }
  }

  @Test
  void repair() throws TimeoutException {
    for (int version = 0; version < Key.VERSIONS; version++) {
      int changed = version;
      for (int key = 0; key < Key.STATES; key++) {
        compare(
            key,
            from -> MODEL.repair(from, changed),
            true,
            Script.REPAIR,
            CHANNEL,
            Integer.toString(changed));
      }
    }
  }

  /** Runs a script on a key in a state, and compares what becomes of it with the model. */
  private static Response compare(
      int key, IntUnaryOperator transition, boolean publishes, Script script, String... arguments)
      throws TimeoutException {
    send(key == Key.MISSING ? Request.cmd(Command.DEL).arg(KEY) : set(KEY, text(key, -1)));
    Response answer = run(script, arguments);
    assertEquals(
        Key.text(transition.applyAsInt(key)),
        Key.text(read()),
        "%s with %s, from %s".formatted(script, String.join(" ", arguments), Key.text(key)));
    send(Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(END));
    List<String> told = new ArrayList<>();
    for (String message = next(); !message.equals(END); message = next()) {
      told.add(message);
    }
    assertEquals(publishes ? List.of("42") : List.of(), told, "what near caches are told");
    return answer;
  }

  private static Response run(Script script, String... arguments) throws TimeoutException {
    Request eval = Request.cmd(Command.EVAL).arg(script.source()).arg(1).arg(KEY);
    for (String argument : arguments) {
      eval.arg(argument);
    }
    return send(eval);
  }

  private static String next() {
    try {
      return Objects.requireNonNull(MESSAGES.poll(10, TimeUnit.SECONDS), "a message is missing");
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static int read() throws TimeoutException {
    Response value = send(Request.cmd(Command.GET).arg(KEY));
    return value == null ? Key.MISSING : parse(value.toString());
  }

  /**
   * The state of a key as Redis has it.
   *
   * @param expired the token that is past its deadline; -1 for none
   */
  private static String text(int key, int expired) {
    if (Key.isKnown(key)) {
      return "V%016d{}".formatted(Key.version(key));
    }
    if (!Key.isFence(key)) {
      return "L" + reader(key - Key.LEASE);
    }
    StringBuilder text = new StringBuilder(Key.isShared(key) ? "F1" : "F0");
    for (int token = 0; token < State.NODES; token++) {
      if ((Key.tokens(key) & 1 << token) != 0) {
        text.append(writer(token))
            .append(',')
            .append(token == expired ? BEFORE : LATER)
            .append(';');
      }
    }
    return text.toString();
  }

  /** The state of the model that a text stands for. */
  private static int parse(String text) {
    char kind = text.charAt(0);
    if (kind == 'V') {
      return Key.VALUE + Integer.parseInt(text.substring(1, 17));
    }
    if (kind == 'L') {
      return Key.LEASE + text.charAt(text.length() - 1) - '0';
    }
    int tokens = 0;
    Matcher each = TOKEN.matcher(text);
    while (each.find()) {
      tokens |= 1 << Integer.parseInt(each.group(1));
    }
    return Key.fence(tokens, text.charAt(1) == '1');
  }

  private static String writer(int token) {
    return "writer-" + token;
  }

  private static String reader(int token) {
    return "reader-" + token;
  }

  private static Request set(String key, String value) {
    return Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(LIFE_MS);
  }

  private static Response send(Request request) throws TimeoutException {
    return redis.send(request).await(10, TimeUnit.SECONDS);
  }
}
