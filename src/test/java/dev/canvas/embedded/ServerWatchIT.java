package dev.canvas.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerWatchIT {

  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<String> screen = new CopyOnWriteArrayList<>();
  private RedisServer redis;
  private ServerWatch watch;

  @BeforeEach
  void start() {
    redis = RedisServer.start(directory, RunningServers.BINARIES, 0, line -> {});
    watch = ServerWatch.of(redis, Duration.ofMillis(1), screen::add);
  }

  @AfterEach
  void nothingIsLeftRunning() throws IOException {
    watch.close();
    redis.close();
    assertEquals(List.of(), RunningServers.running(directory));
  }

  @Test
  void aServerThatEndsAgainAndAgainIsGivenUpWithAReason() {
    for (int times = 1; times <= 5; times++) {
      int killed = times;
      redis.kill();
      await().atMost(LONG).until(() -> said("Redis runs again") == killed);
    }
    redis.kill();
    await().atMost(LONG).until(() -> said("It is not started again") == 1);
    assertFalse(redis.isRunning());
    assertEquals(6, said("Redis does not run any more"), screen::toString);
    assertTrue(said("redis.log ends with:") > 0, screen::toString);
  }

  @Test
  void aServerThatIsClosedWhileItIsStartedAgainStaysClosed() {
    redis.kill();
    await().atMost(LONG).until(() -> !screen.isEmpty());
    watch.close();
    redis.close();
    assertFalse(redis.isRunning());
    assertFalse(redis.startAgain());
  }

  private long said(String text) {
    return screen.stream().filter(line -> line.contains(text)).count();
  }
}
