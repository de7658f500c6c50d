package dev.canvas.testing;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails each test class during which a log line, an answer over HTTP or a message on the event bus
 * shows one of the {@link Secrets}.
 */
public final class SecretWatch extends AppenderBase<ILoggingEvent> {

  private static final List<String> SHOWN = new CopyOnWriteArrayList<>();

  @Override
  protected void append(ILoggingEvent event) {
    String text = event.getFormattedMessage();
    if (event.getThrowableProxy() != null) {
      text += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
    }
    look(text);
  }

  /** Looks at a text that leaves the service. */
  public static void look(String text) {
    if (Secrets.isShownIn(text)) {
      SHOWN.add(text);
    }
  }

  /** Looks at all JSON messages and failed requests on an event bus. */
  public static void look(EventBus bus) {
    bus.addInboundInterceptor(
        (DeliveryContext<Object> delivery) -> {
          Object body = delivery.message().body();
          if (body instanceof JsonObject || body instanceof Throwable) {
            look(String.valueOf(body));
          }
          delivery.next();
        });
  }

  /** Reports what was seen. */
  public static final class Report implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
      List<String> shown = List.copyOf(SHOWN);
      SHOWN.clear();
      if (!shown.isEmpty()) {
        throw new AssertionError("Secrets are shown: " + shown);
      }
    }
  }
}
