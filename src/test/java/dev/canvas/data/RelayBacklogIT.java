package dev.canvas.data;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backlog of the relay that is longer than a reader's connection to Redis repairs by itself. */
class RelayBacklogIT {

  private static final ProductId ID = new ProductId(42);
  private static final Duration SOON = Duration.ofSeconds(30);

  private final TwoLoops before = new TwoLoops(false);
  private final TwoLoops after = new TwoLoops(before);

  @BeforeEach
  void start() throws Exception {
    before.start();
  }

  @AfterEach
  void stop() throws Exception {
    after.close();
    before.close();
  }

  @Test
  void theRelayWorksOffTheBacklogAndNoReadIsStale() throws Exception {
    before.write(0, WritesIT.put(ID, "/1.webp"));
    await().until(() -> before.get(0, ID).source() == AnswerSource.REDIS && outbox().equals("0"));
    before.stop();
    before
        .database()
        .execute(
            """
            insert into product_media (product_id, media)
            select id, '[]' from generate_series(1000, 50999) id;
            update shoe_images set img1 = '/2.webp' where shoe_id = 42""");
    assertEquals("50001", outbox());
    after.start();
    await()
        .atMost(SOON)
        .until(() -> current(0) == AnswerSource.REDIS && current(1) == AnswerSource.REDIS);
    await().atMost(SOON).until(() -> outbox().equals("0"));
  }

  private AnswerSource current(int loop) throws Exception {
    Lookup lookup = after.get(loop, ID);
    assertEquals("/2.webp", lookup.required().items().get(0).url());
    return lookup.source();
  }

  private String outbox() {
    return before
        .database()
        .query("select coalesce(sum(cardinality(versions)), 0) from media_outbox");
  }
}
