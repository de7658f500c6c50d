package dev.canvas.diagnosis;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;
import dev.canvas.media.Redactor;

/** Writes log lines and stack traces without their secrets; {@code conf/logback.xml} names it. */
public final class RedactingConverter extends CompositeConverter<ILoggingEvent> {

  @Override
  protected String transform(ILoggingEvent event, String text) {
    return Redactor.redact(text);
  }
}
