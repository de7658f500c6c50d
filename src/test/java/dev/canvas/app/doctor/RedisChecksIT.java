package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor finds in a Redis that the service cannot use. */
class RedisChecksIT {

  private static final String PASSWORD = Secrets.secret("pw");
  private static final RedisServer REDIS = KillableServers.anotherRedis();

  @AfterEach
  void mend() {
    ProcessSignals.thaw(REDIS.pid());
    send("CONFIG SET maxmemory 256mb");
    send("CONFIG SET maxmemory-policy allkeys-lru");
    send("REPLICAOF NO ONE");
  }

  @AfterAll
  static void stop() {
    REDIS.close();
  }

  @Test
  void aUsableRedisIsWell() {
    assertTrue(
        findings(REDIS.uri()).stream()
            .allMatch(finding -> finding.verdict() == Finding.Verdict.OK));
  }

  @Test
  void theRightsOfTheRemedySuffice() {
    user("remedied", "~canvas:* &canvas:*", remedyOfTheRights());
    assertEquals(Finding.Verdict.OK, find("redis rights", asUser("remedied")).verdict());
    assertEquals(Finding.Verdict.OK, find("redis channels", asUser("remedied")).verdict());
  }

  @Test
  void aWrongPasswordIsTold() {
    Finding wrong = find("redis", uri("nobody:" + PASSWORD));
    assertFails(wrong, "it refuses the user or the password (WRONGPASS");
    assertFalse(wrong.remedy().contains("start it"), wrong::remedy);
  }

  @Test
  void aPortThatIsNoRedisIsTold() {
    String postgres = TestServers.shared().postgresUri().replaceFirst(".*@([^/]*)/.*", "$1");
    assertFails(find("redis", "redis://" + postgres), "closes the connection without an answer");
  }

  @Test
  void aRedisThatIsAwayIsAWarning() {
    Finding away = find("redis", "redis://127.0.0.1:1");
    assertEquals(Finding.Verdict.WARN, away.verdict());
    assertTrue(away.remedy().startsWith("start it"), away::remedy);
  }

  @Test
  void aFrozenRedisIsToldInWords() {
    ProcessSignals.freeze(REDIS.pid());
    assertEquals(
        "it accepts connections, but does not answer", find("redis", REDIS.uri()).observation());
  }

  @ParameterizedTest
  @CsvSource({
    "nochannels,~* resetchannels,+@all,redis rights,NOPERM",
    "nochannels,~* resetchannels,+@all,redis channels,NOPERM",
    "nopublish,~* &*,+@all -publish,redis rights,NOPERM",
    "noeval,~* &*,+@all -eval -evalsha,redis rights,NOPERM",
    "nokeys,~other:* &*,+@all,redis rights,NOPERM",
    "notime,~* &*,+@all -time,redis rights,ERR The user executing the script"
  })
  void missingRightsAreTold(
      String name, String keysAndChannels, String commands, String subject, String error) {
    user(name, keysAndChannels, commands);
    Finding finding = find(subject, asUser(name));
    assertFails(finding, "the user lacks a right (" + error);
    assertTrue(finding.remedy().contains("acl setuser"), finding::remedy);
  }

  @Test
  void aReplicaIsTold() {
    send("REPLICAOF 127.0.0.1 1");
    assertFails(find("redis role", REDIS.uri()), "it is a replica, which takes no writes");
  }

  @Test
  void aFullRedisIsTold() {
    send("CONFIG SET maxmemory-policy noeviction");
    send("CONFIG SET maxmemory 1");
    assertFails(find("redis rights", REDIS.uri()), "it is full");
  }

  private static String remedyOfTheRights() {
    user("none", "~none:* &none", "+ping +info");
    return find("redis rights", asUser("none"))
        .remedy()
        .replaceFirst(".*&canvas:\\* ([^;]*).*", "$1");
  }

  private static void user(String name, String keysAndChannels, String commands) {
    send("ACL SETUSER %s reset on >%s %s %s".formatted(name, PASSWORD, keysAndChannels, commands));
  }

  private static String asUser(String name) {
    return uri(name + ":" + PASSWORD);
  }

  private static String uri(String login) {
    return REDIS.uri().replace("://", "://" + login + "@");
  }

  private static void send(String command) {
    KillableServers.redisCommand(REDIS, command);
  }

  private static void assertFails(Finding finding, String observation) {
    assertEquals(Finding.Verdict.FAIL, finding.verdict(), finding::toString);
    assertTrue(finding.observation().contains(observation), finding::toString);
    assertFalse(Secrets.isShownIn(finding.toString()), finding::toString);
  }

  private static Finding find(String subject, String uri) {
    List<Finding> findings = findings(uri);
    return findings.stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(findings));
  }

  private static List<Finding> findings(String uri) {
    return new RedisChecks(Configuration.load(null, Map.of("CANVAS_REDIS_URI", uri))).findings();
  }
}
