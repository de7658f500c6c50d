import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Decides what each request asks for. A stream is {@code weight:request:order:first:count}, with
 * one of the {@link Requests.Kind}s in lower case, and for each order:
 *
 * <ul>
 *   <li>{@code random:…:seed}: random products;
 *   <li>{@code zipf:…:seed:step}: random products, the n-th most frequent one in proportion to 1/n,
 *       the frequent ones scattered over the range;
 *   <li>{@code once:…:start:step}: each product once, in a scattered order.
 * </ul>
 */
final class ProductStreams {

  private interface Stream {
    long next();
  }

  private final Stream[] streams;
  private final Requests.Kind[] kinds;
  private final byte[] streamOfRequest;

  ProductStreams(int requests, List<String> specifications) {
    List<String[]> parts = specifications.stream().map(text -> text.split(":")).toList();
    streams = parts.stream().map(ProductStreams::stream).toArray(Stream[]::new);
    kinds =
        parts.stream()
            .map(part -> Requests.Kind.valueOf(part[1].toUpperCase(Locale.ROOT)))
            .toArray(Requests.Kind[]::new);
    int[] weights = parts.stream().mapToInt(part -> Integer.parseInt(part[0])).toArray();
    streamOfRequest = drawStreams(requests, weights);
  }

  private static Stream stream(String[] parts) {
    long first = Long.parseLong(parts[3]);
    long count = Long.parseLong(parts[4]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(parts[5]));
    return switch (parts[2]) {
      case "random" -> () -> first + random.nextLong(count);
      case "zipf" -> {
        long step = Long.parseLong(parts[6]);
        // A density of 1/x over 1 … count + 1, rounded down, is close to a Zipf distribution.
        yield () ->
            first + ((long) Math.pow(count + 1, random.nextDouble()) - 1) * step % count;
      }
      case "once" -> {
        long step = Long.parseLong(parts[6]);
        long[] position = {Long.parseLong(parts[5])};
        yield () -> first + position[0]++ * step % count;
      }
      default -> throw new IllegalArgumentException("unknown order " + parts[2]);
    };
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

  Requests.Kind kind(int request) {
    return kinds[streamOfRequest[request]];
  }

  /** The next product for a request. Call it exactly once per request: it advances the stream. */
  long nextProduct(int request) {
    return streams[streamOfRequest[request]].next();
  }
}
