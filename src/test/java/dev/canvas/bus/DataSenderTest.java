package dev.canvas.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.RetryBudget;
import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Tiers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of a node without data verticles, to two others that may answer or not. */
class DataSenderTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final Other one = new Other("one");
  private final Other two = new Other("two");
  private ClusterNodes nodes;

  /** Another node, which answers pings and requests with its name unless it is told not to. */
  private final class Other {

    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean answersPings = true;
    private volatile boolean answersRequests = true;
    private volatile int wire = RecordCodec.WIRE_VERSION;

    Other(String name) {
      vertx
          .eventBus()
          .consumer(
              NodeAddresses.at(NodeAddresses.NODE, name),
              ping -> {
                if (answersPings) {
                  ping.reply(report(NodeRole.DATA).toJson().put("wire", wire));
                }
              });
      vertx
          .eventBus()
          .consumer(
              NodeAddresses.at(NodeAddresses.DATA_GET, name),
              request -> {
                requests.incrementAndGet();
                if (answersRequests) {
                  request.reply(name);
                }
              });
    }
  }

  @BeforeEach
  void start() throws Exception {
    nodes =
        ClusterNodes.create(
            vertx,
            "self",
            Duration.ofMillis(900),
            () -> List.of("self", "one", "two"),
            () -> report(NodeRole.HTTP));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void requestsGoToTheOthersInTurn() throws Exception {
    startWith(2);
    for (int i = 0; i < 10; i++) {
      read();
    }
    assertEquals(5, one.requests.get());
    assertEquals(5, two.requests.get());
  }

  @Test
  void aReadThatIsNotAnsweredIsAskedOnceElsewhere() throws Exception {
    startWith(2);
    one.answersRequests = false;
    one.answersPings = false;
    for (int i = 0; i < 10; i++) {
      assertEquals("two", read());
    }
    assertEquals(1, one.requests.get(), "a node that does not answer is avoided");
    one.answersRequests = true;
    one.answersPings = true;
    await().until(() -> read().equals("one"));
  }

  @Test
  void aReadIsAskedTwiceAtMost() throws Exception {
    startWith(2);
    one.answersRequests = false;
    two.answersRequests = false;
    assertThrows(ReplyException.class, this::read);
    assertEquals(2, one.requests.get() + two.requests.get());
  }

  @Test
  void aWriteIsAskedOnce() throws Exception {
    startWith(2);
    one.answersRequests = false;
    two.answersRequests = false;
    assertThrows(ReplyException.class, () -> request(false));
    assertEquals(1, one.requests.get() + two.requests.get());
  }

  @Test
  void silentNodesAreAskedIfNoneAnswers() throws Exception {
    startWith(2);
    nodes.avoid("one");
    nodes.avoid("two");
    assertTrue(Set.of("one", "two").contains(read()));
  }

  @Test
  void aNodeOfAnotherWireVersionGetsNoRequests() throws Exception {
    one.wire = 99;
    startWith(1);
    for (int i = 0; i < 10; i++) {
      assertEquals("two", read());
    }
    assertEquals(0, one.requests.get());
  }

  @Test
  void aNodeThatLeavesGetsNoFurtherRequests() throws Exception {
    startWith(2);
    vertx
        .eventBus()
        .request(
            NodeAddresses.at(NodeAddresses.NODE, "self"), new JsonObject().put("leaving", "one"))
        .await(10, TimeUnit.SECONDS);
    for (int i = 0; i < 10; i++) {
      assertEquals("two", read());
    }
  }

  /** Waits until so many others are known to serve data. */
  private void startWith(int serving) throws Exception {
    nodes.start().await(10, TimeUnit.SECONDS);
    await()
        .until(
            () ->
                nodes.all().size() == 3
                    && (serving == 1 || nodes.chooseData(Set.of("one")).isPresent())
                    && nodes.chooseData(serving == 1 ? Set.of() : Set.of("two")).isPresent());
  }

  private String read() throws Exception {
    return request(true);
  }

  private String request(boolean repeatable) throws Exception {
    RetryBudget budget = MeteredRetries.budget(new SimpleMeterRegistry());
    return new DataSender(vertx, TIMEOUT, budget, repeatable)
        .<String>request(NodeAddresses.DATA_GET, "request")
        .await(20, TimeUnit.SECONDS);
  }

  private static NodeReport report(NodeRole role) {
    return new NodeReport(Set.of(role), new JsonArray(), new Tiers(true, true), "test", 0, 0);
  }
}
