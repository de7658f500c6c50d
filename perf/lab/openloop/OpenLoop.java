import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Asks for products at a given rate, however long the answers take: an open loop. The time of an
 * answer is counted from when its request was due, not from when it was sent, so that a service
 * that stalls is charged with all that it kept waiting (Tene, How NOT to Measure Latency).
 *
 * <p>One thread, keep-alive connections, one request at a time on each. Free connections take
 * turns; where none is free another is opened, up to a limit. The JDK's own sockets: the less it
 * costs, the less of a small machine it takes from what is measured.
 *
 * <p>Arguments: port, requests a second, requests to lead in, requests that count, connections at
 * the start, the most connections, the file for the {@link Answers}, then streams of {@link
 * Products}. The requests that lead in come ever faster until the rate is reached, so that neither
 * side starts cold. A rate beyond all reach and as many connections at the most as at the start
 * make it a closed loop.
 *
 * <p>Standard output has {@code BEGUN} with the time of the first request that counts (ms since
 * 1970), then a line a second; at the end, as JSON, what the generator itself did.
 */
final class OpenLoop {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final InetSocketAddress server;
  private final double nanosPerRequest;
  private final int leadIn;
  private final double leadInNanos;
  private final int most;
  private final Products products;
  private final Answers answers;

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final Queue<Connection> free = new ArrayDeque<>();
  private int connecting;
  private int opened;
  private long begun;
  private long longestPause;
  private int due;
  private int sent;

  private OpenLoop(int port, double rate, int leadIn, int most, Products products)
      throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.nanosPerRequest = SECOND / rate;
    this.leadIn = leadIn;
    this.leadInNanos = 2 * leadIn * nanosPerRequest;
    this.most = most;
    this.products = products;
    this.answers = new Answers(products, leadIn);
  }

  private void connect(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      open();
    }
    while (connecting > 0) {
      selector.select(OpenLoop::ready);
    }
    if (free.size() < count) {
      throw new IOException("Only " + free.size() + " of " + count + " connections were made");
    }
  }

  private void run() throws IOException {
    begun = System.nanoTime();
    long last = begun;
    long nextSecond = (long) leadInNanos;
    while (answers.count() < products.requests()) {
      long now = System.nanoTime();
      longestPause = sent <= leadIn ? 0 : Math.max(longestPause, now - last);
      last = now;
      due = due(now - begun);
      send();
      selector.select(OpenLoop::ready, 1);
      if (now - begun >= nextSecond) {
        tellSecond(now, nextSecond);
        nextSecond += SECOND;
      }
    }
  }

  /** How many requests are due after so much time. */
  private int due(long nanos) {
    double share = Math.min(1, nanos / leadInNanos);
    double due = leadIn * share * share + Math.max(0, nanos - leadInNanos) / nanosPerRequest;
    return (int) Math.min(products.requests(), Math.floor(due) + 1);
  }

  /** After how much time a request is due. */
  private long dueNanos(int request) {
    return (long)
        (request < leadIn
            ? leadInNanos * Math.sqrt((double) request / leadIn)
            : leadInNanos + (request - leadIn) * nanosPerRequest);
  }

  private void tellSecond(long now, long second) {
    if (second == (long) leadInNanos) {
      long late = TimeUnit.NANOSECONDS.toMillis(now - begun - second);
      System.out.println("BEGUN " + (System.currentTimeMillis() - late));
    } else {
      System.out.printf("%d due, %s, %d connections%n", due, answers, connections.size());
    }
    List.copyOf(connections).forEach(connection -> connection.giveUp(now));
  }

  private void send() throws IOException {
    while (sent < due && !free.isEmpty()) {
      int request = sent++;
      free.remove().send(request, products.product(request));
    }
    while (due - sent > connecting && connections.size() < most) {
      open();
    }
  }

  private void open() throws IOException {
    connections.add(new Connection(this, in, selector, server));
    connecting++;
    opened++;
  }

  private static void ready(SelectionKey key) {
    ((Connection) key.attachment()).ready();
  }

  /** A connection was made. */
  void connected(Connection connection) {
    connecting--;
    free.add(connection);
  }

  /** A connection could not be made: the oldest request that waits for one fails with it. */
  void refused(Connection connection) {
    connecting--;
    connections.remove(connection);
    if (sent < due) {
      answered(sent++, Answers.NO_CONNECTION, false);
    }
  }

  /** A connection has ended. */
  void ended(Connection connection) {
    connections.remove(connection);
    free.remove(connection);
  }

  /** A connection may be used again. */
  void freed(Connection connection) {
    free.add(connection);
  }

  /** A request has its answer, or never will. */
  void answered(int request, int status, boolean retryAfter) {
    answers.add(request, System.nanoTime() - begun - dueNanos(request), status, retryAfter);
  }

  private void tell() {
    System.out.printf(
        Locale.ROOT,
        "{\"opened\": %d, \"longest_pause_ms\": %.1f, \"cpu_seconds\": %.3f}%n",
        opened,
        longestPause / 1e6,
        ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3);
  }

  public static void main(String[] args) throws IOException {
    int leadIn = Integer.parseInt(args[2]);
    int requests = leadIn + Integer.parseInt(args[3]);
    Products products = new Products(requests, List.of(args).subList(7, args.length));
    int most = Integer.parseInt(args[5]);
    OpenLoop loop =
        new OpenLoop(
            Integer.parseInt(args[0]), Double.parseDouble(args[1]), leadIn, most, products);
    loop.connect(Integer.parseInt(args[4]));
    loop.run();
    loop.answers.write(Path.of(args[6]));
    loop.tell();
  }
}
