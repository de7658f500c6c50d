import java.util.List;
import java.util.SplittableRandom;

/**
 * Decides which product each request reads or writes. A stream is {@code
 * weight:random:first:count:seed}, {@code put} instead of {@code random} if it writes, or {@code
 * weight:once:first:count:start:step}, which visits each of its products once.
 */
final class ProductStreams {

  private interface Stream {
    long next();
  }

  private final Stream[] streams;
  private final boolean[] writing;
  private final byte[] streamOfRequest;

  ProductStreams(int requests, List<String> specifications) {
    List<String[]> parts = specifications.stream().map(text -> text.split(":")).toList();
    streams = parts.stream().map(ProductStreams::stream).toArray(Stream[]::new);
    writing = new boolean[streams.length];
    for (int i = 0; i < writing.length; i++) {
      writing[i] = parts.get(i)[1].equals("put");
    }
    int[] weights = parts.stream().mapToInt(part -> Integer.parseInt(part[0])).toArray();
    streamOfRequest = drawStreams(requests, weights);
  }

  private static Stream stream(String[] parts) {
    long first = Long.parseLong(parts[2]);
    long count = Long.parseLong(parts[3]);
    if (!parts[1].equals("once")) {
      SplittableRandom random = new SplittableRandom(Long.parseLong(parts[4]));
      return () -> first + random.nextLong(count);
    }
    long step = Long.parseLong(parts[5]);
    long[] position = {Long.parseLong(parts[4])};
    return () -> first + position[0]++ * step % count;
  }

  /** Draws a stream for each request at random, in proportion to the weights. */
  private static byte[] drawStreams(int requests, int[] weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    SplittableRandom random = new SplittableRandom(1);
    byte[] drawn = new byte[requests];
    for (int i = 0; i < requests; i++) {
      int rest = random.nextInt(sum);
      while (rest >= weights[drawn[i]]) {
        rest -= weights[drawn[i]];
        drawn[i]++;
      }
    }
    return drawn;
  }

  int requests() {
    return streamOfRequest.length;
  }

  byte stream(int request) {
    return streamOfRequest[request];
  }

  boolean isWrite(int request) {
    return writing[streamOfRequest[request]];
  }

  /** The next product for a request. Call it exactly once per request: it advances the stream. */
  long nextProduct(int request) {
    return streams[streamOfRequest[request]].next();
  }
}
