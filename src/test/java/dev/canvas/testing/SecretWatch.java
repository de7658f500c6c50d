package dev.canvas.testing;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails each test class during which a log line shows one of the {@link Secrets}. */
public final class SecretWatch extends AppenderBase<ILoggingEvent> {

  private static final List<String> SHOWN = new CopyOnWriteArrayList<>();

  @Override
  protected void append(ILoggingEvent event) {
    String text = event.getFormattedMessage();
    if (event.getThrowableProxy() != null) {
      text += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
    if (Secrets.isShownIn(text)) {
      SHOWN.add(text);
    }
  }

  /** Reports what was seen. */
  public static final class Report implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
      List<String> shown = List.copyOf(SHOWN);
      SHOWN.clear();
      if (!shown.isEmpty()) {
        throw new AssertionError("The log shows secrets: " + shown);
      }
    }
  }
}
