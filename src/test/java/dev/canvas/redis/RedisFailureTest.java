package dev.canvas.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.diagnosis.Diagnosis;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WRONGPASS invalid username-password pair or user is disabled. | refuses the user or the",
        "NOAUTH Authentication required. | wants a password",
        "ERR AUTH <password> called without any password configured | has no password, but is"
            + " given",
        "NOPERM this user has no permissions to run the 'eval' command | lacks a right",
        "ERR The user executing the script can't run this command | lacks a right",
        "OOM command not allowed when used memory > 'maxmemory'. | it is full",
        "ERR Error running script: @user_script: 4: -OOM command not allowed | it is full",
        "MISCONF Redis is configured to save RDB snapshots | cannot save its data",
        "NOREPLICAS Not enough good replicas to write. | too few replicas",
        "READONLY You can't write against a read only replica. | is a replica",
        "MASTERDOWN Link with MASTER is down | is a replica",
        "LOADING Redis is loading the dataset in memory | is not ready",
        "BUSY Redis is busy running a script. | a script of somebody else",
        "CROSSSLOT Keys in request don't hash to the same slot | is a Redis Cluster",
        "MOVED 3999 127.0.0.1:6381 | is a Redis Cluster",
        "CLUSTERDOWN Hash slot not served | is a Redis Cluster",
        "DENIED Redis is running in protected mode | protected mode",
        "ERR max number of clients reached | all of its connections",
        "ERR DB index is out of range | no database of that number",
        "ERR unknown command 'EVAL' | lacks a command",
        "CONNECTION_CLOSED | closes the connection without an answer",
        "WEIRD as never seen | refuses a command"
      })
  void eachKindOfErrorHasASentence(String error, String sentence) {
    Diagnosis diagnosis = RedisFailure.of(ErrorType.create(error));
    assertTrue(diagnosis.problem().contains(sentence), diagnosis::toString);
    assertFalse(diagnosis.remedy().isEmpty());
    assertFalse(diagnosis.remedy().contains("start it,"), diagnosis::toString);
  }

  @Test
  void onlyAServerThatIsAwayIsToBeStarted() {
    assertTrue(RedisFailure.of(new ConnectException("refused")).remedy().startsWith("start it"));
    assertTrue(RedisFailure.isAway(new ConnectException("refused")));
    Diagnosis frozen = RedisFailure.of(new TimeoutException());
    assertEquals("it accepts connections, but does not answer", frozen.problem());
    assertFalse(RedisFailure.isAway(ErrorType.create("NOAUTH")));
  }
}
