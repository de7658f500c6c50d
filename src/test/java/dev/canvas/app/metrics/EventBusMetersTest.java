package dev.canvas.app.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** The number of time series that event bus addresses may create. */
class EventBusMetersTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventBusMeters meters = new EventBusMeters(registry);

  @Test
  void lanesOfAnEventLoopShareTheirMeters() {
    for (int verticle = 1; verticle <= 3; verticle++) {
      String lane = "canvas.data.get@loop-0#" + verticle;
      meters.handlerRegistered(lane);
      meters.messageSent(lane, false, true, false);
    }
    assertEquals(3, sent("canvas.data.get@loop-0"));
    assertEquals(1, series());
  }

  @Test
  void addressesOfSingleProductsShareTheirMeters() {
    meters.messageSent("canvas.media.changed.1", false, true, false);
    meters.messageSent("canvas.media.changed.2", false, true, false);
    meters.messageSent("canvas.media.changed", false, true, false);
    assertEquals(2, sent("canvas.media.changed.*"));
    assertEquals(1, sent("canvas.media.changed"));
  }

  @Test
  void addressesBeyondTheLimitShareTheirMeters() {
    for (int address = 0; address < 1_000; address++) {
      meters.messageSent("a" + address, false, true, false);
      meters.messageSent("b" + address + "#1", false, true, false);
    }
    assertEquals(501, series());
    assertEquals(1_500, sent("other"));
  }

  @Test
  void repliesAreNotCounted() {
    meters.messageSent("__vertx.reply.1", false, true, false);
    assertEquals(0, series());
  }

  private double sent(String address) {
    return registry.counter("vertx.eventbus.sent", "address", address).count();
  }

  private long series() {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().equals("vertx.eventbus.sent"))
        .count();
  }
}
