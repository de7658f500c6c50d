package dev.canvas.data.cache;

import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Formats and parses the state of a key in Redis, and builds the key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EntryBenchmark {

  private static final long VERSION = 1_795_384_000_000_123L;

  private final ProductId productId = new ProductId(123_456);
  private final Row row =
      new Row(
          productId,
          VERSION,
          Optional.of(
              ProductMedia.splice(
                  productId, VERSION, Buffer.buffer("[" + "{\"id\":1}".repeat(180) + "]"))));
  private final Buffer value = Entry.format(row);
  private final RedisSession session =
      new RedisSession(
          null,
          new RedisIdentity("0123456789".repeat(4), ""),
          new Generation("store", 123_456_789),
          Map.of());

  @Benchmark
  public Object parse() {
    return Entry.parse(productId, value);
  }

  @Benchmark
  public Buffer format() {
    return Entry.format(row);
  }

  @Benchmark
  public String key() {
    return session.key(productId);
  }
}
