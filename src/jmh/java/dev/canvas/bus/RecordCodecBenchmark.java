package dev.canvas.bus;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Encodes and decodes the answer to a read as it travels between two nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordCodecBenchmark {

  private final MessageCodec<Lookup, Lookup> codec = codec();
  private final Lookup lookup =
      Lookup.found(
          AnswerSource.REDIS,
          ProductMedia.splice(
              new ProductId(123_456),
              1_795_384_000_000_123L,
              Buffer.buffer("[" + "{\"id\":1}".repeat(180) + "]")));
  private final Buffer wire = encode();

  @Benchmark
  public Buffer encode() {
    Buffer written = Buffer.buffer(2_048);
    codec.encodeToWire(written, lookup);
    return written;
  }

  @Benchmark
  public Lookup decode() {
    return codec.decodeFromWire(0, wire);
  }

  @SuppressWarnings("unchecked")
  private static MessageCodec<Lookup, Lookup> codec() {
    return (MessageCodec<Lookup, Lookup>)
        Codecs.ALL.stream().filter(codec -> codec.type() == Lookup.class).findFirst().orElseThrow();
  }
}
