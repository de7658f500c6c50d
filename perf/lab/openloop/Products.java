import java.util.List;
import java.util.SplittableRandom;

/**
 * Which product each request asks for. A stream is {@code weight:random:first:count:seed}, or
 * {@code weight:once:first:count:start:step}, which steps through its products and meets each once.
 */
final class Products {

  private interface Stream {
    long next();
  }

  private final Stream[] streams;
  private final byte[] streamOf;

  Products(int requests, List<String> specifications) {
    List<String[]> parts = specifications.stream().map(text -> text.split(":")).toList();
    streams = parts.stream().map(Products::stream).toArray(Stream[]::new);
    int[] weights = parts.stream().mapToInt(part -> Integer.parseInt(part[0])).toArray();
    streamOf = drawn(requests, weights);
  }

  private static Stream stream(String[] parts) {
    long first = Long.parseLong(parts[2]);
    long count = Long.parseLong(parts[3]);
    if (parts[1].equals("random")) {
      SplittableRandom random = new SplittableRandom(Long.parseLong(parts[4]));
      return () -> first + random.nextLong(count);
    }
    long step = Long.parseLong(parts[5]);
    long[] place = {Long.parseLong(parts[4])};
    return () -> first + place[0]++ * step % count;
  }

  /** A stream for each request, by chance and weight. */
  private static byte[] drawn(int requests, int[] weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    SplittableRandom random = new SplittableRandom(1);
    byte[] streams = new byte[requests];
    for (int i = 0; i < requests; i++) {
      int rest = random.nextInt(sum);
      while (rest >= weights[streams[i]]) {
        rest -= weights[streams[i]];
        streams[i]++;
      }
    }
    return streams;
  }

  int requests() {
    return streamOf.length;
  }

  byte stream(int request) {
    return streamOf[request];
  }

  /** To be asked once for each request. */
  long product(int request) {
    return streams[streamOf[request]].next();
  }
}
