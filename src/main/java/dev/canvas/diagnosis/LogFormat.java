package dev.canvas.diagnosis;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ConfigurationEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the lines of the log look like. */
public enum LogFormat {
  /** For people, as {@code conf/logback.xml} says. */
  TEXT,
  /** One JSON object a line, for programs. */
  JSON;

  /** The appender of {@code conf/logback.xml}. Others are left as they are. */
  private static final String APPENDER = "STDERR";

  /** Has the log of this process written in this format from now on. */
  public void use() {
    if (this == JSON && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      useJson(context);
    }
  }

  /** Also after each change of the file, which has the format for people. */
  static void useJson(LoggerContext context) {
    encodeAsJson(context);
    context.addConfigurationEventListener(
        event -> {
          if (event.getEventType()
              == ConfigurationEvent.EventType.CONFIGURATION_ENDED_SUCCESSFULLY) {
            encodeAsJson(context);
          }
        });
  }

  private static void encodeAsJson(LoggerContext context) {
    if (context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER)
        instanceof ConsoleAppender<ILoggingEvent> appender) {
      Encoder<ILoggingEvent> encoder = new JsonLogEncoder();
      encoder.setContext(context);
      encoder.start();
      appender.stop();
      appender.setEncoder(encoder);
      appender.start();
    }
  }
}
