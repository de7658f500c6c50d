package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Answers {@link GatheredReads}: in the reply what is known at once, and the rest in messages of
 * their own, each with what became known in one turn of the loop. Not thread-safe: belongs to one
 * verticle.
 */
final class GatheredAnswers {

  /** The bytes of documents in a message, the last one aside: other messages wait for it. */
  private static final int MAX_BYTES = 256 * 1024;

  private final Vertx vertx;
  private final Function<ProductId, Future<Lookup>> media;
  private final InFlightRequests requests;

  /** The answers that have not been sent, by the address that they go to. */
  private final Map<String, Answers> late = new HashMap<>();

  /** The answers of one message. */
  private static final class Answers {

    private final List<Messages.Found> found = new ArrayList<>();
    private final List<Messages.Failed> failed = new ArrayList<>();
    private int bytes;

    void add(long number, Future<Lookup> answer) {
      if (answer.succeeded()) {
        found.add(new Messages.Found(number, answer.result()));
        bytes += answer.result().media().map(media -> media.document().length()).orElse(0);
      } else {
        failed.add(
            new Messages.Failed(
                number, InFlightRequests.problem(NodeAddresses.DATA_READS, answer.cause())));
      }
    }

    boolean isFull() {
      return bytes >= MAX_BYTES;
    }

    int size() {
      return found.size() + failed.size();
    }

    Messages.Answers message() {
      return new Messages.Answers(found, failed);
    }
  }

  /**
   * @param media reads one product
   * @param requests counts the reads
   */
  GatheredAnswers(
      Vertx vertx, Function<ProductId, Future<Lookup>> media, InFlightRequests requests) {
    this.vertx = vertx;
    this.media = media;
    this.requests = requests;
  }

  void answer(Message<Messages.Reads> message) {
    Messages.Reads reads = message.body();
    Answers now = new Answers();
    long number = reads.first();
    for (ProductId productId : reads.productIds()) {
      long own = number++;
      requests.begin();
      Future<Lookup> answer = InFlightRequests.call(media, productId);
      if (answer.isComplete() && !now.isFull()) {
        now.add(own, answer);
      } else {
        answer.onComplete(known -> addLate(reads.replyTo(), own, answer));
      }
    }
    message.reply(now.message());
    requests.end(now.size());
  }

  private void addLate(String replyTo, long number, Future<Lookup> answer) {
    if (late.isEmpty()) {
      vertx.runOnContext(turn -> sendLate());
    }
    Answers answers = late.computeIfAbsent(replyTo, none -> new Answers());
    answers.add(number, answer);
    if (answers.isFull()) {
      send(replyTo, answers);
      late.put(replyTo, new Answers());
    }
  }

  private void sendLate() {
    Map<String, Answers> all = Map.copyOf(late);
    late.clear();
    all.forEach(this::send);
  }

  private void send(String replyTo, Answers answers) {
    if (answers.size() > 0) {
      vertx.eventBus().send(replyTo, answers.message());
      requests.end(answers.size());
    }
  }
}
