import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Records the outcome of each request. */
final class Responses {

  /** These take the place of a status where there is none. */
  static final int NO_CONNECTION = -1;

  static final int CONNECTION_CLOSED = -2;
  static final int TIMED_OUT = -3;
  static final int INVALID_RESPONSE = -4;

  private final ProductStreams products;
  private final int leadIn;
  private final int[] micros;
  private final int[] waits;
  private final short[] statuses;
  private final boolean[] retryAfters;
  private int count;
  private int failures;

  /**
   * @param leadIn the number of requests at the start that are not written to the file
   */
  Responses(ProductStreams products, int leadIn) {
    this.products = products;
    this.leadIn = leadIn;
    micros = new int[products.requests()];
    waits = new int[products.requests()];
    statuses = new short[products.requests()];
    retryAfters = new boolean[products.requests()];
  }

  /**
   * @param nanos how long the request has waited since it was due
   */
  void sent(int request, long nanos) {
    waits[request] = (int) TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  void add(int request, long nanos, int status, boolean retryAfter) {
    micros[request] = (int) TimeUnit.NANOSECONDS.toMicros(nanos);
    statuses[request] = (short) status;
    retryAfters[request] = retryAfter;
    count++;
    if (status != 200 && status != 201) {
      failures++;
    }
  }

  int count() {
    return count;
  }

  /**
   * Writes twelve bytes per request, in the order in which the requests were due: the latency in µs
   * (int), how much of it passed before the request was sent (int), the status (short), the number
   * of the stream (byte), and 1 if the response had a Retry-After header (byte).
   */
  void write(Path file) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = leadIn; i < products.requests(); i++) {
        out.writeInt(micros[i]);
        out.writeInt(waits[i]);
        out.writeShort(statuses[i]);
        out.writeByte(products.stream(i));
        out.writeBoolean(retryAfters[i]);
      }
    }
  }

  @Override
  public String toString() {
    return count + " answered, " + failures + " of them not with 200 or 201";
  }
}
