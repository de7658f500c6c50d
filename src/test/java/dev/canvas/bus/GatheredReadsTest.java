package dev.canvas.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.RetryBudget;
import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Tiers;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.trace.CallSpans;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads of one event loop, which two other nodes answer at once, later, or not at all. */
class GatheredReadsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Other one = new Other("one");
  private final Other two = new Other("two");
  private ClusterNodes nodes;
  private GatheredReads reads;

  /** Another node. */
  private final class Other {

    private final AtomicInteger messages = new AtomicInteger();

    /** The reads that it does not answer at once. */
    private final Map<ProductId, Promise<Lookup>> slow = new ConcurrentHashMap<>();

    private volatile boolean answers = true;

    Other(String name) {
      // A data verticle belongs to one event loop.
      loop.runOnContext(turn -> consume(name));
    }

    private void consume(String name) {
      InFlightRequests requests = new InFlightRequests(CallSpans.of(vertx));
      GatheredAnswers gathered = new GatheredAnswers(vertx, this::get, requests);
      vertx
          .eventBus()
          .consumer(
              NodeAddresses.at(NodeAddresses.NODE, name),
              ping ->
                  ping.reply(
                      report(NodeRole.DATA).toJson().put("wire", (int) RecordCodec.WIRE_VERSION)));
      vertx
          .eventBus()
          .consumer(
              NodeAddresses.at(NodeAddresses.DATA_READS, name),
              (Message<Messages.Reads> message) -> {
                messages.incrementAndGet();
                if (answers) {
                  gathered.answer(message);
                }
              });
      vertx
          .eventBus()
          .consumer(NodeAddresses.at(NodeAddresses.DATA_GET, name), requests.handler(this::get));
    }

    private Future<Lookup> get(ProductId productId) {
      Promise<Lookup> later = slow.get(productId);
      return later == null ? Future.succeededFuture(lookup(productId, 10)) : later.future();
    }
  }

  @BeforeEach
  void start() throws Exception {
    Codecs.register(vertx.eventBus());
    nodes =
        ClusterNodes.create(
            vertx,
            "self",
            TIMEOUT,
            () -> List.of("self", "one", "two"),
            () -> report(NodeRole.HTTP));
    nodes.start().await(10, TimeUnit.SECONDS);
    await().until(() -> nodes.hasDataBeside(Set.of("one")) && nodes.hasDataBeside(Set.of("two")));
    RetryBudget budget = MeteredRetries.budget(new SimpleMeterRegistry());
    DataSender single = new DataSender(vertx, TIMEOUT, budget, true);
    loop.runOnContext(turn -> reads = new GatheredReads(vertx, nodes, single, budget));
    // The first ones travel alone.
    await().until(() -> reads != null);
    await().until(() -> messagesFor(id(1)) > 0);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void readsOfOneTurnTravelTogether() throws Exception {
    List<ProductId> asked = LongStream.range(0, 20).mapToObj(ProductId::new).toList();
    int before = messages();
    List<Future<Lookup>> answers = get(asked);
    for (int i = 0; i < asked.size(); i++) {
      assertEquals(lookup(asked.get(i), 10), answers.get(i).await(10, TimeUnit.SECONDS));
    }
    assertEquals(1, messages() - before);
  }

  @Test
  void noReadWaitsForAnother() throws Exception {
    Promise<Lookup> slow = Promise.promise();
    one.slow.put(id(7), slow);
    two.slow.put(id(7), slow);
    List<Future<Lookup>> answers = get(List.of(id(7), id(8)));
    assertEquals(id(8), answers.get(1).await(10, TimeUnit.SECONDS).productId());
    assertFalse(answers.get(0).isComplete());
    loop.runOnContext(turn -> slow.complete(lookup(id(7), 10)));
    assertEquals(id(7), answers.get(0).await(10, TimeUnit.SECONDS).productId());
  }

  @Test
  void aProblemIsThatOfItsRead() throws Exception {
    Promise<Lookup> refused = Promise.promise();
    refused.fail(Problem.UNAVAILABLE.because("Too many"));
    one.slow.put(id(7), refused);
    two.slow.put(id(7), refused);
    List<Future<Lookup>> answers = get(List.of(id(7), id(8)));
    ProblemException problem =
        assertThrows(ProblemException.class, () -> answers.get(0).await(10, TimeUnit.SECONDS));
    assertEquals(Problem.UNAVAILABLE, problem.problem());
    assertEquals(id(8), answers.get(1).await(10, TimeUnit.SECONDS).productId());
  }

  @Test
  void largeAnswersComeInSeveralMessages() throws Exception {
    Map<ProductId, Promise<Lookup>> large = new ConcurrentHashMap<>();
    List<ProductId> asked = LongStream.range(100, 140).mapToObj(ProductId::new).toList();
    for (ProductId each : asked) {
      Promise<Lookup> answer = Promise.promise();
      answer.complete(lookup(each, 100_000));
      large.put(each, answer);
    }
    one.slow.putAll(large);
    two.slow.putAll(large);
    List<Future<Lookup>> answers = get(asked);
    for (int i = 0; i < asked.size(); i++) {
      assertEquals(asked.get(i), answers.get(i).await(10, TimeUnit.SECONDS).productId());
    }
  }

  @Test
  void whatANodeDoesNotAnswerIsAskedOnceElsewhere() throws Exception {
    one.answers = false;
    for (int i = 0; i < 4; i++) {
      for (Future<Lookup> answer : get(List.of(id(7), id(8)))) {
        answer.await(10, TimeUnit.SECONDS);
      }
    }
    // The same for a read alone that a node has taken.
    one.answers = true;
    one.slow.put(id(9), Promise.promise());
    two.slow.put(id(9), Promise.promise());
    assertThrows(
        ReplyException.class, () -> get(List.of(id(9))).get(0).await(10, TimeUnit.SECONDS));
    assertTrue(get(List.of(id(7))).get(0).await(10, TimeUnit.SECONDS).media().isPresent());
  }

  private int messagesFor(ProductId productId) throws Exception {
    int before = messages();
    get(List.of(productId)).get(0).await(10, TimeUnit.SECONDS);
    return messages() - before;
  }

  private int messages() {
    return one.messages.get() + two.messages.get();
  }

  /** Reads products in one turn of the loop. */
  private List<Future<Lookup>> get(List<ProductId> productIds) throws Exception {
    Promise<List<Future<Lookup>>> asked = Promise.promise();
    loop.runOnContext(
        turn -> {
          List<Future<Lookup>> answers = new ArrayList<>();
          productIds.forEach(each -> answers.add(reads.get(each)));
          asked.complete(answers);
        });
    return asked.future().await(10, TimeUnit.SECONDS);
  }

  private static ProductId id(long value) {
    return new ProductId(value);
  }

  private static Lookup lookup(ProductId productId, int bytes) {
    Buffer document = Buffer.buffer("x".repeat(bytes));
    return Lookup.found(AnswerSource.NEAR, new ProductMedia(productId, 1, document));
  }

  private static NodeReport report(NodeRole role) {
    return new NodeReport(Set.of(role), new JsonArray(), new Tiers(true, true), "test", 0, 0);
  }
}
