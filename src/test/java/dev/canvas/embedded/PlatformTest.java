package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, postgres-linux-x86_64.txz, redis-server-7.0.15-linux-amd64",
    "Linux, aarch64, postgres-linux-arm_64.txz, redis-server-7.0.15-linux-arm64",
    "Mac OS X, x86_64, postgres-darwin-x86_64.txz, redis-server-7.0.15-darwin-amd64",
    "Mac OS X, aarch64, postgres-darwin-arm_64.txz, redis-server-7.0.15-darwin-arm64"
  })
  void namesTheResourcesOfTheJars(String name, String arch, String postgres, String redis) {
    Platform platform = Platform.of(name, arch);
    assertEquals(postgres, platform.postgresResource());
    assertEquals(redis, platform.redisResource());
    assertTrue(getClass().getClassLoader().getResource(redis) != null);
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, riscv64"})
  void refusesAnotherPlatformAndNamesTheSupportedOnes(String name, String arch) {
    String message =
        assertThrows(EmbeddedServersException.class, () -> Platform.of(name, arch)).getMessage();
    assertTrue(message.contains("only on Linux and macOS with amd64 or arm64"), message);
  }

  @Test
  void thePostgresOfThisMachineIsOnTheClassPath() {
    assertTrue(
        getClass().getClassLoader().getResource(Platform.current().postgresResource()) != null);
  }
}
