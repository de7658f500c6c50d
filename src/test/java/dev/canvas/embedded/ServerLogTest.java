package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

  @TempDir Path directory;

  private ServerLog log(String text) throws Exception {
    return new ServerLog(Files.writeString(directory.resolve("server.log"), text));
  }

  @Test
  void quotesTheLastError() throws Exception {
    ServerLog log = log("LOG:  up\nFATAL:  no\nFATAL:  still no\nLOG:  database is shut down\n\n");
    assertEquals("\"FATAL:  still no\" in " + log.file(), log.lastError());
  }

  @Test
  void quotesTheLastLineIfThereIsNoError() throws Exception {
    ServerLog log = log("one\ntwo\n");
    assertEquals("\"two\" in " + log.file(), log.lastError());
    assertEquals(List.of("one", "two"), log.lastLines(3));
    assertEquals(List.of("two"), log.lastLines(1));
  }

  @Test
  void aMissingLogCountsAsEmpty() {
    ServerLog log = new ServerLog(directory.resolve("absent"));
    assertEquals("its log " + log.file() + " is empty", log.lastError());
    assertEquals(List.of(), log.lastLines(3));
  }

  @Test
  void keepsTheLogOfThePreviousRun() throws Exception {
    ServerLog log = log("before\n");
    log.begin();
    assertFalse(Files.exists(log.file()));
    assertEquals("before\n", Files.readString(directory.resolve("server.log.1")));
  }

  @Test
  void aFullDiskIsReportedAsTheReason() {
    String message =
        EmbeddedServersException.failed(
                "starting Postgres", directory, "FATAL: x: No space left on device", null)
            .getMessage();
    assertTrue(message.contains("the disk that holds " + directory + " is full"), message);
  }
}
