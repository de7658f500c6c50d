package dev.canvas.data.cache;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.TwoLoops;
import dev.canvas.data.WritesIT;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.Precondition;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The near cache of a process during writes by itself, by another process, and by SQL. */
class NearCacheIT {

  private static final ProductId ID = new ProductId(42);

  private final TwoLoops here = new TwoLoops(true);
  private final TwoLoops there = new TwoLoops(here);

  @BeforeEach
  void start() throws Exception {
    here.start();
    there.start();
    here.write(0, WritesIT.put(ID, "/0.webp"));
    awaitNear(here);
    awaitNear(there);
  }

  @AfterEach
  void stop() throws Exception {
    there.close();
    here.close();
  }

  @Test
  void afterAWriteByThisProcessNothingOlderIsRead() throws Exception {
    for (int i = 1; i <= 300; i++) {
      Written written = here.write(i % 2, WritesIT.put(ID, "/" + i + ".webp"));
      assertEquals(written.version(), here.get(0, ID).required().version());
      assertEquals(written.version(), here.get(1, ID).required().version());
      here.get(0, ID);
    }
    here.write(0, new Change.Delete(ID, Precondition.NONE));
    assertTrue(here.get(0, ID).media().isEmpty());
    assertTrue(here.get(1, ID).media().isEmpty());
  }

  @Test
  void aWriteByAnotherProcessInvalidates() throws Exception {
    for (int i = 1; i <= 20; i++) {
      Written written = there.write(0, WritesIT.put(ID, "/" + i + ".webp"));
      await().until(() -> here.get(0, ID).required().version() == written.version());
      awaitNear(here);
    }
  }

  @Test
  void aWriteBySqlInvalidates() throws Exception {
    here.database().execute("update shoe_images set img1 = '/sql.webp' where shoe_id = 42");
    await().until(() -> here.get(0, ID).required().items().get(0).url().equals("/sql.webp"));
    await().until(() -> there.get(1, ID).required().items().get(0).url().equals("/sql.webp"));
    awaitNear(here);
  }

  private static void awaitNear(TwoLoops process) {
    await()
        .until(
            () -> {
              Lookup lookup = process.get(0, ID);
              return lookup.source() == AnswerSource.NEAR
                  && process.get(1, ID).source() == AnswerSource.NEAR;
            });
  }
}
