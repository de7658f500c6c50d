import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What became of each request. */
final class Answers {

  /** In the place of a status where there was none. */
  static final int NO_CONNECTION = -1;

  static final int CUT_OFF = -2;
  static final int LATE = -3;
  static final int NOT_UNDERSTOOD = -4;

  private final Products products;
  private final int leadIn;
  private final int[] micros;
  private final short[] statuses;
  private final boolean[] retryAfters;
  private int count;
  private int others;

  /**
   * @param leadIn how many of the first requests are not to be written
   */
  Answers(Products products, int leadIn) {
    this.products = products;
    this.leadIn = leadIn;
    micros = new int[products.requests()];
    statuses = new short[products.requests()];
    retryAfters = new boolean[products.requests()];
  }

  void add(int request, long nanos, int status, boolean retryAfter) {
    micros[request] = (int) TimeUnit.NANOSECONDS.toMicros(nanos);
    statuses[request] = (short) status;
    retryAfters[request] = retryAfter;
    count++;
    if (status != 200) {
      others++;
    }
  }

  int count() {
    return count;
  }

  /**
   * Eight bytes a request in the order in which they were due: int µs until the answer, short
   * status, byte number of the stream, byte 1 where there was a Retry-After.
   */
  void write(Path file) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = leadIn; i < products.requests(); i++) {
        out.writeInt(micros[i]);
        out.writeShort(statuses[i]);
        out.writeByte(products.stream(i));
        out.writeBoolean(retryAfters[i]);
      }
    }
  }

  @Override
  public String toString() {
    return count + " answered, " + others + " of them not with 200";
  }
}
