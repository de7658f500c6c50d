package dev.canvas.seed.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Generates products; the same random seed yields the same products. The media of a product depend
 * on its id alone, so every stream generates its own chunks. Thread-safe.
 */
public final class GeneratedSource implements ProductSource {

  private final List<SampleCatalogue.Product> samples;
  private final GeneratedItems items;
  private final long firstId;
  private final long products;
  private final int batch;
  private final IntPredicate isDone;
  private final AtomicInteger nextChunk = new AtomicInteger();

  /**
   * @param withSamples whether the sample catalogue precedes the generated products
   * @param firstId the first generated product
   * @param generated the number of generated products
   * @param batch products in a chunk
   * @param isDone tells which chunks to skip
   */
  public GeneratedSource(
      boolean withSamples,
      long randomSeed,
      long firstId,
      long generated,
      int batch,
      IntPredicate isDone) {
    SampleCatalogue catalogue = SampleCatalogue.read();
    this.samples = withSamples ? catalogue.products() : List.of();
    this.items = new GeneratedItems(catalogue, randomSeed);
    this.firstId = firstId;
    this.products = samples.size() + generated;
    this.batch = batch;
    this.isDone = isDone;
  }

  @Override
  public long products() {
    return products;
  }

  @Override
  public double fractionRead() {
    return -1;
  }

  @Override
  public Chunk next(int stream) {
    int number;
    do {
      number = nextChunk.getAndIncrement();
    } while (isDone.test(number));
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
      for (long position = (long) number * batch; position < end; position++) {
        if (position < samples.size()) {
          SampleCatalogue.Product product = samples.get((int) position);
          byte[] bytes = product.items().getBytes(StandardCharsets.UTF_8);
          receiver.product(position, product.productId().value(), bytes, bytes.length, 0);
        } else {
          long id = firstId + position - samples.size();
          receiver.product(position, id, buffer, items.write(id, buffer), GeneratedItems.COUNT);
        }
      }
    }
  }
}
