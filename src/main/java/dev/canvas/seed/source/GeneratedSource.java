package dev.canvas.seed.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Products made up from a number: the same from the same number. Each product's media are worked
 * out from its id alone, so that every stream makes its own. Thread-safe.
 */
public final class GeneratedSource implements ProductSource {

  private final List<StoredProduct> first;
  private final GeneratedItems items;
  private final long firstId;
  private final long products;
  private final int batch;
  private final IntPredicate done;
  private final AtomicInteger nextChunk = new AtomicInteger();

  /**
   * @param first products that go before those that are made up
   * @param firstId of those that are made up
   * @param generated how many are made up
   * @param batch products of a chunk
   * @param done the chunks that are not wanted
   */
  public GeneratedSource(
      List<StoredProduct> first,
      GeneratedItems items,
      long firstId,
      long generated,
      int batch,
      IntPredicate done) {
    this.first = first;
    this.items = items;
    this.firstId = firstId;
    this.products = first.size() + generated;
    this.batch = batch;
    this.done = done;
  }

  @Override
  public long products() {
    return products;
  }

  @Override
  public double share() {
    return -1;
  }

  @Override
  public Chunk next(int stream) {
    int number;
    do {
      number = nextChunk.getAndIncrement();
    } while (done.test(number));
    return (long) number * batch < products ? new Range(number) : null;
  }

  @Override
  public void close() {
    nextChunk.set(Integer.MAX_VALUE / 2);
  }

  private final class Range implements Chunk {

    private final int number;

    Range(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public void drainTo(Receiver receiver) throws IOException, SQLException, InterruptedException {
      byte[] buffer = new byte[items.maxLength()];
      long end = Math.min(products, (number + 1L) * batch);
      for (long place = (long) number * batch; place < end; place++) {
        if (place < first.size()) {
          StoredProduct product = first.get((int) place);
          byte[] bytes = product.items().getBytes(StandardCharsets.UTF_8);
          receiver.product(place, product.productId().value(), bytes, bytes.length, 0);
        } else {
          long id = firstId + place - first.size();
          receiver.product(place, id, buffer, items.write(id, buffer), GeneratedItems.COUNT);
        }
      }
    }
  }
}
