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
 * Sends requests at a given rate, however long the responses take: an open loop. Latency
 * counts from when a request was due, not from when it was sent, so a service that stalls is
 * charged for every request that it delayed (Tene, How NOT to Measure Latency).
 *
 * <p>One thread; keep-alive connections with one request at a time on each. Free connections take
 * turns; if none is free, another is opened, up to a limit. It uses the JDK's own sockets: the less
 * CPU it takes, the more of a small machine is left for what is measured.
 *
 * <p>Arguments: port, requests per second, lead-in requests, counted requests, connections at the
 * start, maximum of connections, after how many seconds a request is given up if there is no free
 * connection, the template of the {@link Requests}, the file for the {@link Responses}, then the
 * specifications of {@link ProductStreams}. The rate rises during the lead-in until it reaches the
 * given rate, so that neither side starts cold. An unreachable rate with a maximum equal to the
 * connections at the start makes a closed loop.
 *
 * <p>Standard output starts with {@code STARTED} and the time at which the first counted request
 * was due (ms since 1970), then has one line per second, and at the end the generator's own figures
 * as JSON.
 */
final class OpenLoop {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final InetSocketAddress server;
  private final double nanosPerRequest;
  private final int leadIn;
  private final double leadInNanos;
  private final int maxConnections;
  private final long patience;
  private final ProductStreams products;
  private final Requests requests;
  private final Responses responses;

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final Queue<Connection> free = new ArrayDeque<>();
  private int connecting;
  private int opened;
  private long started;
  private long longestPause;
  private int due;
  private int sent;

  private OpenLoop(
      int port,
      double rate,
      int leadIn,
      int maxConnections,
      double patienceSeconds,
      ProductStreams products,
      Requests requests)
      throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.nanosPerRequest = SECOND / rate;
    this.leadIn = leadIn;
    this.leadInNanos = 2 * leadIn * nanosPerRequest;
    this.maxConnections = maxConnections;
    this.patience = (long) (patienceSeconds * SECOND);
    this.products = products;
    this.requests = requests;
    this.responses = new Responses(products, leadIn);
  }

  private void connect(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      open();
    }
    while (connecting > 0) {
      selector.select(OpenLoop::ready);
    }
    if (free.size() < count) {
      throw new IOException("Only " + free.size() + " of " + count + " connections opened");
    }
  }

  private void run() throws IOException {
    started = System.nanoTime();
    long last = started;
    long nextSecond = (long) leadInNanos;
    while (responses.count() < products.requests()) {
      long now = System.nanoTime();
      longestPause = sent <= leadIn ? 0 : Math.max(longestPause, now - last);
      last = now;
      due = due(now - started);
      send();
      selector.select(OpenLoop::ready, 1);
      if (now - started >= nextSecond) {
        printSecond(now, nextSecond);
        nextSecond += SECOND;
      }
    }
  }

  /** The number of requests that are due at this time after the start. */
  private int due(long nanos) {
    double share = Math.min(1, nanos / leadInNanos);
    double due = leadIn * share * share + Math.max(0, nanos - leadInNanos) / nanosPerRequest;
    return (int) Math.min(products.requests(), Math.floor(due) + 1);
  }

  /** When a request is due, counted from the start. */
  private long dueNanos(int request) {
    return (long)
        (request < leadIn
            ? leadInNanos * Math.sqrt((double) request / leadIn)
            : leadInNanos + (request - leadIn) * nanosPerRequest);
  }

  private void printSecond(long now, long second) {
    if (second == (long) leadInNanos) {
      long late = TimeUnit.NANOSECONDS.toMillis(now - started - second);
      System.out.println("STARTED " + (System.currentTimeMillis() - late));
    } else {
      System.out.printf("%d due, %s, %d connections%n", due, responses, connections.size());
    }
    List.copyOf(connections).forEach(connection -> connection.closeIfTimedOut(now));
  }

  private void send() throws IOException {
    while (sent < due && !free.isEmpty()) {
      int request = sent++;
      long product = products.nextProduct(request);
      responses.sent(request, overdue(request));
      free.remove().send(request, requests.text(products.kind(request), product));
    }
    while (sent < due && overdue(sent) > patience) {
      responses.sent(sent, overdue(sent));
      answered(sent++, Responses.NO_CONNECTION, false);
    }
    while (due - sent > connecting && connections.size() < maxConnections) {
      open();
    }
  }

  /** How long ago a request was due. */
  private long overdue(int request) {
    return System.nanoTime() - started - dueNanos(request);
  }

  private void open() throws IOException {
    connections.add(new Connection(this, in, selector, server));
    connecting++;
    opened++;
  }

  private static void ready(SelectionKey key) {
    ((Connection) key.attachment()).ready();
  }

  /** Called when a connection is open. */
  void connected(Connection connection) {
    connecting--;
    free.add(connection);
  }

  /** Called when a connection is refused. The oldest request that waits for one fails with it. */
  void refused(Connection connection) {
    connecting--;
    connections.remove(connection);
    if (sent < due) {
      answered(sent++, Responses.NO_CONNECTION, false);
    }
  }

  /** Called when a connection is closed. */
  void closed(Connection connection) {
    connections.remove(connection);
    free.remove(connection);
  }

  /** Called when a connection can take the next request. */
  void available(Connection connection) {
    free.add(connection);
  }

  /** Called when a request is answered or has failed. */
  void answered(int request, int status, boolean retryAfter) {
    responses.add(request, overdue(request), status, retryAfter);
  }

  private void printSummary() {
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
    ProductStreams products = new ProductStreams(requests, List.of(args).subList(9, args.length));
    int maxConnections = Integer.parseInt(args[5]);
    OpenLoop loop =
        new OpenLoop(
            Integer.parseInt(args[0]),
            Double.parseDouble(args[1]),
            leadIn,
            maxConnections,
            Double.parseDouble(args[6]),
            products,
            new Requests(Path.of(args[7])));
    loop.connect(Integer.parseInt(args[4]));
    loop.run();
    loop.responses.write(Path.of(args[8]));
    loop.printSummary();
  }
}
