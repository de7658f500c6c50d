package dev.canvas.diagnosis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Mistakes of an operator in the file of the log settings, at the start and while it is watched.
 */
class LogConfiguratorTest {

  @TempDir private Path directory;

  private final LoggerContext context = new LoggerContext();
  private Path file;
  private Path log;
  private String usual;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("logback.xml");
    log = directory.resolve("canvas.log");
    usual =
        Files.readString(Path.of("conf", "logback.xml"))
            .replace("5 seconds", "20 milliseconds")
            .replace(
                "<appender name=\"STDERR\" class=\"ch.qos.logback.core.ConsoleAppender\">\n"
                    + "    <target>System.err</target>",
                "<appender name=\"STDERR\" class=\"ch.qos.logback.core.FileAppender\">\n"
                    + "    <file>"
                    + log
                    + "</file>");
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "'<root level=\"INFO\">', '<root level=\"LOUD\">', ''LOUD'' is no level",
    "'<logger name=\"io.netty\" level=\"WARN\" />', '<loger name=\"a\" />', <loger> is unknown here",
    "'<encoder>', '<encodr>', must be terminated by the matching",
    "'FileAppender', 'FielAppender', FielAppender",
  })
  void aMistakeChangesNothingAndIsToldOnceWithItsLine(String text, String mistake, String told)
      throws IOException {
    Files.writeString(file, usual);
    start();
    assertEquals(Level.INFO, context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());

    String wrong = usual.replace(text, mistake);
    Files.writeString(file, wrong);
    awaitLog(told.replace("''", "'"));
    assertTrue(
        lines().get(0).contains(file + " has a mistake (")
            && lines().get(0).endsWith("; the last good ones stay until it is corrected"),
        lines().toString());
    assertEquals(Level.INFO, context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());
    assertInstanceOf(
        FileAppender.class, context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR"));

    Files.writeString(file, usual.replace("<root level=\"INFO\">", "<root level=\"DEBUG\">"));
    awaitLog("is correct again, and applies from now on");
    assertEquals(Level.DEBUG, context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel());
    assertEquals(2, lines().size(), lines().toString());
  }

  @Test
  void theLineOfAMistakeIsTold() throws IOException {
    Files.writeString(file, usual);
    start();
    Files.writeString(file, usual.replace("<root level=\"INFO\">", "<root level=\"LOUD\">"));
    int line = usual.substring(0, usual.indexOf("<root ")).split("\n", -1).length;
    awaitLog("(line " + line + ": 'LOUD' is no level");
    Files.writeString(file, usual.replace("<root level=\"INFO\">", "<rot/><root level=\"INFO\">"));
    awaitLog("(line " + line + ": <rot> is unknown here");
    Files.writeString(file, usual.replace("</root>", "</rot>"));
    awaitLog("(line " + (line + 2) + ": The element type");
  }

  @ParameterizedTest
  @CsvSource({"INFO, LOUD", "</root>, </rot>", "root, rot"})
  void atTheStartTheUsualSettingsApplyUntilItIsCorrected(String text, String mistake)
      throws IOException {
    Files.writeString(file, usual.replace(text, mistake));
    start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    assertEquals(Level.INFO, root.getLevel());
    assertTrue(root.iteratorForAppenders().hasNext());
    assertEquals(List.of(), lines());

    Files.writeString(file, usual.replace("<root level=\"INFO\">", "<root level=\"DEBUG\">"));
    awaitLog("is correct again, and applies from now on");
    assertEquals(Level.DEBUG, root.getLevel());
  }

  @Test
  void theDirectoriesOfLogFilesAreKnown() throws IOException {
    Files.writeString(file, usual);
    start();
    assertEquals(List.of(directory), LogFiles.directories(context));
  }

  private void start() throws IOException {
    LogConfigurator configurator = new LogConfigurator();
    configurator.setContext(context);
    configurator.configureByResource(file.toUri().toURL());
  }

  private void awaitLog(String text) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertTrue(lines().toString().contains(text), lines().toString()));
  }

  private List<String> lines() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }
}
