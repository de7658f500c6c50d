package dev.canvas.diagnosis;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;

/** The files that the operator's log settings write to; the usual settings have none. */
public final class LogFiles {

  private LogFiles() {}

  /** Their directories. */
  public static List<Path> directories() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        ? directories(context)
        : List.of();
  }

  static List<Path> directories(LoggerContext context) {
    Set<Path> directories = new LinkedHashSet<>();
    context
        .getLoggerList()
        .forEach(
            logger ->
                logger
                    .iteratorForAppenders()
                    .forEachRemaining(appender -> add(directories, appender)));
    return List.copyOf(directories);
  }

  private static void add(Set<Path> directories, Appender<ILoggingEvent> appender) {
    if (appender instanceof FileAppender<ILoggingEvent> file && file.getFile() != null) {
      directories.add(Path.of(file.getFile()).toAbsolutePath().getParent());
    }
  }
}
