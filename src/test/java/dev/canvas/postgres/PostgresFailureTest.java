package dev.canvas.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.diagnosis.Diagnosis;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresFailureTest {

  /** The classes of PostgreSQL, Appendix A, that are failures. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23",
        "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F", "40",
        "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX"
      })
  void eachClassHasASentence(String sqlStateClass) {
    Diagnosis diagnosis = of(sqlStateClass + "000");
    assertFalse(diagnosis.problem().startsWith("it refuses to work"), diagnosis::toString);
    assertFalse(diagnosis.remedy().isEmpty());
    assertFalse(diagnosis.remedy().contains("start it"), diagnosis::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "28P01,refuses the user or the password",
    "28000,does not let this user in",
    "3D000,the database does not exist",
    "42501,the role lacks a right",
    "53100,its disk is full",
    "53300,all of its connections are in use",
    "57P02,one of its processes has crashed",
    "57P03,it starts up",
    "25006,it is read-only",
    "22P05,cannot hold every character",
    "26000,a pooler",
    "08P01,no Postgres",
    "ZZ999,it refuses to work"
  })
  void whatMattersMostHasItsOwn(String sqlState, String sentence) {
    Diagnosis diagnosis = of(sqlState);
    assertTrue(diagnosis.problem().contains(sentence), diagnosis::toString);
  }

  @Test
  void onlyAServerThatIsAwayIsToBeStarted() {
    assertTrue(of("08001").remedy().startsWith("start it"));
    assertTrue(PostgresFailure.of(new ConnectException("refused")).remedy().startsWith("start it"));
    assertFalse(PostgresFailure.of(new TimeoutException()).remedy().contains("start it"));
  }

  @Test
  void theWordsOfTheServerAreKeptWithoutSecrets() {
    Diagnosis diagnosis =
        PostgresFailure.of(
            new IllegalStateException(
                new SQLException("FATAL: no user at postgresql://me:pw@h/db\n  Detail", "28P01")));
    assertEquals(
        "it refuses the user or the password (no user at postgresql://me:…@h/db)",
        diagnosis.problem());
  }

  private static Diagnosis of(String sqlState) {
    return PostgresFailure.of(new SQLException("FATAL: words", sqlState));
  }
}
