package dev.canvas.diagnosis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the log's settings, {@code conf/logback.xml}, while a process runs. */
class LogFormatTest {

  @TempDir private Path directory;

  @Test
  void anotherLevelAppliesWithoutARestartAndTheFormatStays() throws IOException, JoranException {
    String usual =
        Files.readString(Path.of("conf", "logback.xml")).replace("5 seconds", "20 milliseconds");
    Path file = Files.writeString(directory.resolve("logback.xml"), usual);
    LoggerContext context = new LoggerContext();
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(file.toFile());
      LogFormat.useJson(context);
      Logger logger = context.getLogger("dev.canvas.any");
      assertFalse(logger.isDebugEnabled());

      Files.writeString(file, usual.replace("<root level=\"INFO\">", "<root level=\"DEBUG\">"));
      await().atMost(Duration.ofSeconds(30)).until(logger::isDebugEnabled);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertInstanceOf(JsonLogEncoder.class, appender(context).getEncoder()));
    } finally {
      context.stop();
    }
  }

  /** The image has no launcher. What Logback has to warn of goes to standard output. */
  @Test
  void insideAJarThereIsNothingToWatchAndNothingToWarnOf() throws IOException, JoranException {
    Path jar = directory.resolve("canvas.jar");
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar))) {
      entries.putNextEntry(new ZipEntry("logback.xml"));
      try (InputStream settings = getClass().getResourceAsStream("/logback.xml")) {
        settings.transferTo(entries);
      }
    }
    LoggerContext context = new LoggerContext();
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(new URL("jar:" + jar.toUri() + "!/logback.xml"));
      assertEquals(
          List.of(),
          context.getStatusManager().getCopyOfStatusList().stream()
              .filter(status -> status.getLevel() >= Status.WARN)
              .toList());
    } finally {
      context.stop();
    }
  }

  private static ConsoleAppender<ILoggingEvent> appender(LoggerContext context) {
    return (ConsoleAppender<ILoggingEvent>)
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
  }
}
