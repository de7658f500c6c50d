package dev.canvas.bus;

import dev.canvas.client.RetryBudget;
import dev.canvas.loop.LoopTimer;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends the reads of an event loop to data verticles of other nodes: those of one turn of the loop
 * in one message, because a message costs more than a read (ADR 55). Answers that are known at once
 * are in the reply; the others follow as they become known, so no read waits for another one. What
 * a node does not answer is sent to another one as {@link DataSender} does it.
 *
 * <p>Not thread-safe: belongs to one event loop.
 */
final class GatheredReads {

  /** The reads of a message. */
  private static final int MAX_READS = 64;

  /** A read expires at most this much late. */
  private static final long RESOLUTION_MS = 50;

  private static final AtomicInteger LOOPS = new AtomicInteger();

  private final Vertx vertx;
  private final Context loop;
  private final ClusterNodes nodes;
  private final DataSender single;
  private final RetryBudget budget;
  private final String replyTo;
  private final Map<Long, Sent> unanswered = new HashMap<>();
  private List<Read> gathered = new ArrayList<>();
  private long next;
  private boolean open;

  /** The turns of this loop in which answers could have arrived, {@link #RESOLUTION_MS} apart. */
  private long tick;

  private record Read(ProductId productId, Promise<Lookup> answer) {}

  /**
   * A read that was sent.
   *
   * @param last whether no other node could answer instead
   */
  private record Sent(Read read, String node, boolean last, long expiresTick) {}

  /**
   * Must be called on the event loop by a verticle that is starting there, with which it ends.
   *
   * @param single sends what cannot be gathered
   * @param budget that of {@code single}
   */
  GatheredReads(Vertx vertx, ClusterNodes nodes, DataSender single, RetryBudget budget) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.nodes = nodes;
    this.single = single;
    this.budget = budget;
    this.replyTo = nodes.ownAddress(NodeAddresses.DATA_ANSWERS) + "#" + LOOPS.incrementAndGet();
    MessageConsumer<Messages.Answers> answers =
        vertx.eventBus().consumer(replyTo, message -> accept(message.body()));
    answers.completion().onSuccess(registered -> open = true);
    LoopTimer.every(vertx, RESOLUTION_MS, this::expire);
  }

  /** Reads one product. */
  Future<Lookup> get(ProductId productId) {
    if (!open) {
      return single.request(NodeAddresses.DATA_GET, productId);
    }
    budget.request();
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    var answer = caller.<Lookup>promise();
    gathered.add(new Read(productId, answer));
    if (gathered.size() == 1) {
      // After everything that has arrived by now.
      loop.runOnContext(turn -> send());
    }
    return answer.future();
  }

  private void send() {
    List<Read> reads = gathered;
    gathered = new ArrayList<>();
    for (int from = 0; from < reads.size(); from += MAX_READS) {
      List<Read> part = reads.subList(from, Math.min(from + MAX_READS, reads.size()));
      Optional<String> node = nodes.chooseData(Set.of());
      if (node.isPresent()) {
        send(part, node.get());
      } else {
        part.forEach(read -> read.answer.fail(new ReplyException(ReplyFailure.NO_HANDLERS)));
      }
    }
  }

  private void send(List<Read> reads, String node) {
    boolean last = !nodes.hasDataBeside(Set.of(node));
    DeliveryOptions options = single.attempt(last);
    long first = next;
    long expiresTick = tick + 1 + options.getSendTimeout() / RESOLUTION_MS;
    for (Read read : reads) {
      unanswered.put(next++, new Sent(read, node, last, expiresTick));
    }
    long end = next;
    List<ProductId> productIds = reads.stream().map(Read::productId).toList();
    long sentNanos = System.nanoTime();
    vertx
        .eventBus()
        .<Messages.Answers>request(
            NodeAddresses.at(NodeAddresses.DATA_READS, node),
            new Messages.Reads(replyTo, first, productIds),
            options)
        .onComplete(
            reply -> accept(reply.body()),
            failure -> {
              boolean started = !DataSender.isUnstarted(failure, sentNanos, options);
              for (long number = first; number < end; number++) {
                Sent sent = unanswered.remove(number);
                if (sent != null) {
                  sendElsewhere(sent, started, failure);
                }
              }
            });
  }

  private void accept(Messages.Answers answers) {
    for (Messages.Found found : answers.found()) {
      Sent sent = unanswered.remove(found.number());
      if (sent != null) {
        sent.read.answer.complete(found.lookup());
      }
    }
    for (Messages.Failed failed : answers.failed()) {
      Sent sent = unanswered.remove(failed.number());
      if (sent != null) {
        sent.read.answer.fail(failed.problem());
      }
    }
  }

  private void expire() {
    tick++;
    List<Sent> expired = new ArrayList<>();
    Iterator<Sent> all = unanswered.values().iterator();
    while (all.hasNext()) {
      Sent sent = all.next();
      if (sent.expiresTick < tick) {
        all.remove();
        expired.add(sent);
      }
    }
    expired.forEach(sent -> sendElsewhere(sent, true, new ReplyException(ReplyFailure.TIMEOUT)));
  }

  private void sendElsewhere(Sent sent, boolean started, Throwable failure) {
    if (started) {
      nodes.avoid(sent.node);
    }
    Future<Lookup> answer =
        started && sent.last
            ? Future.failedFuture(failure)
            : single.retry(
                NodeAddresses.DATA_GET, sent.read.productId, Set.of(sent.node), started, failure);
    answer.onComplete(sent.read.answer);
  }
}
