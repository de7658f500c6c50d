package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Builds a document around the item array of a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpliceBenchmark {

  private final ProductId productId = new ProductId(123_456);
  private final Buffer items = Buffer.buffer("[" + "{\"id\":1}".repeat(180) + "]");

  @Benchmark
  public ProductMedia splice() {
    return ProductMedia.splice(productId, 1_795_384_000_000_123L, items);
  }

  @Benchmark
  public ProductId parseId() {
    return ProductId.parse("123456");
  }
}
