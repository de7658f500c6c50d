package dev.canvas.app.metrics;

import dev.canvas.client.Addresses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.spi.metrics.EventBusMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the messages of the event bus by address, under Vert.x's metric names. Replies, whose
 * addresses are unique, are not counted. Thread-safe.
 */
final class EventBusMeters implements EventBusMetrics<EventBusMeters.Address> {

  private static final String PREFIX = "vertx.eventbus.";
  private static final String REPLY_PREFIX = "__vertx.";

  /** Senders may use any address, so further addresses share the meters of {@link #OTHER}. */
  private static final int MAX_ADDRESSES = 500;

  private static final String OTHER = "other";

  /** The addresses of single products share their meters, as subscribers name any number. */
  private static final String PRODUCT_PREFIX = Addresses.MEDIA_CHANGED + ".";

  /** Precedes the number of a lane. The lanes of one event loop share their meters. */
  private static final char LANE_NUMBER = '#';

  private final MeterRegistry registry;
  private final Map<String, Address> addresses = new ConcurrentHashMap<>();

  /** The meters by the full address of each lane: one entry per data verticle ever started. */
  private final Map<String, Address> lanes = new ConcurrentHashMap<>();

  /** The meters of one address. */
  static final class Address {
    private final LongAdder handlers = new LongAdder();
    private final LongAdder pending = new LongAdder();
    private final Counter sent;
    private final Counter published;
    private final Counter received;
    private final Counter delivered;
    private final Counter discarded;
    private final Counter replyFailures;

    private Address(String address, MeterRegistry registry) {
      Tags tags = Tags.of("address", address);
      gauge("handlers", "Number of event bus handlers in use", handlers, tags, registry);
      gauge("pending", "Number of messages not processed yet", pending, tags, registry);
      sent = counter("sent", "Number of messages sent (point-to-point)", tags, registry);
      published = counter("published", "Number of messages published", tags, registry);
      received = counter("received", "Number of messages received", tags, registry);
      delivered = counter("delivered", "Number of messages delivered to handlers", tags, registry);
      discarded = counter("discarded", "Number of discarded messages", tags, registry);
      replyFailures = counter("reply.failures", "Number of reply failures", tags, registry);
    }
  }

  EventBusMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Address handlerRegistered(String address) {
    Address meters = of(address);
    if (meters != null) {
      meters.handlers.increment();
      if (address.indexOf(LANE_NUMBER) >= 0) {
        lanes.put(address, meters);
      }
    }
    return meters;
  }

  @Override
  public void handlerUnregistered(Address meters) {
    if (meters != null) {
      meters.handlers.decrement();
    }
  }

  @Override
  public void scheduleMessage(Address meters, boolean local) {
    if (meters != null) {
      meters.pending.increment();
    }
  }

  @Override
  public void messageDelivered(Address meters, boolean local) {
    if (meters != null) {
      meters.pending.decrement();
      meters.delivered.increment();
    }
  }

  @Override
  public void discardMessage(Address meters, boolean local, Message<?> message) {
    if (meters != null) {
      meters.pending.decrement();
      meters.discarded.increment();
    }
  }

  @Override
  public void messageSent(String address, boolean publish, boolean local, boolean remote) {
    Address meters = of(address);
    if (meters != null) {
      (publish ? meters.published : meters.sent).increment();
    }
  }

  @Override
  public void messageReceived(String address, boolean publish, boolean local, int handlers) {
    Address meters = of(address);
    if (meters != null) {
      meters.received.increment();
    }
  }

  @Override
  public void replyFailure(String address, ReplyFailure failure) {
    Address meters = of(address);
    if (meters != null) {
      meters.replyFailures.increment();
    }
  }

  private Address of(String address) {
    // Lanes first, as they carry the most messages.
    Address meters = lanes.get(address);
    if (meters == null) {
      meters = addresses.get(address);
    }
    if (meters != null || address.startsWith(REPLY_PREFIX)) {
      return meters;
    }
    return addresses.computeIfAbsent(meterAddress(address), added -> new Address(added, registry));
  }

  private String meterAddress(String address) {
    if (address.startsWith(PRODUCT_PREFIX)) {
      return PRODUCT_PREFIX + "*";
    }
    if (addresses.size() >= MAX_ADDRESSES) {
      return OTHER;
    }
    int lane = address.indexOf(LANE_NUMBER);
    return lane < 0 ? address : address.substring(0, lane);
  }

  private static void gauge(
      String name, String description, LongAdder value, Tags tags, MeterRegistry registry) {
    Gauge.builder(PREFIX + name, value, LongAdder::sum)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private static Counter counter(
      String name, String description, Tags tags, MeterRegistry registry) {
    return Counter.builder(PREFIX + name).description(description).tags(tags).register(registry);
  }
}
