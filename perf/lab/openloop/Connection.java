import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A keep-alive connection with at most one request under way. */
final class Connection {

  private static final long GIVE_UP = TimeUnit.SECONDS.toNanos(10);
  private static final int LONGEST_HEAD = 2 * 1024;

  /** In small letters, as Canvas writes all names. */
  private static final String LENGTH = "\r\ncontent-length: ";

  private final OpenLoop loop;
  private final SocketChannel channel = SocketChannel.open();
  private final SelectionKey key;
  private final ByteBuffer in;
  private int request = -1;
  private long sentAt;
  private long received;
  private String head = "";
  private boolean headIsWhole;
  private long length;

  /**
   * @param in to read into, between two calls of no use to anybody
   */
  Connection(OpenLoop loop, ByteBuffer in, Selector selector, InetSocketAddress server)
      throws IOException {
    this.loop = loop;
    this.in = in;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    channel.connect(server);
  }

  void ready() {
    if (key.isConnectable()) {
      finishConnect();
      return;
    }
    try {
      read();
    } catch (IOException reset) {
      close(Answers.CUT_OFF);
    }
  }

  private void finishConnect() {
    try {
      channel.finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      loop.connected(this);
    } catch (IOException refused) {
      loop.refused(this);
    }
  }

  void send(int number, long product) {
    request = number;
    sentAt = System.nanoTime();
    received = 0;
    head = "";
    headIsWhole = false;
    String text = "GET /api/products/" + product + "/media HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException ended) {
      close(Answers.CUT_OFF);
    }
  }

  private void read() throws IOException {
    in.clear();
    int count = channel.read(in);
    if (count < 0 || request < 0) {
      close(Answers.CUT_OFF);
      return;
    }
    received += count;
    if (!headIsWhole) {
      readHead();
    }
    if (headIsWhole && received >= length) {
      answer();
    }
  }

  private void readHead() {
    byte[] bytes = new byte[Math.min(in.position(), LONGEST_HEAD)];
    in.get(0, bytes);
    head += new String(bytes, StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0 && head.length() < LONGEST_HEAD) {
      return;
    }
    int field = head.indexOf(LENGTH);
    if (end < 0 || field < 0 || field > end) {
      close(Answers.NOT_UNDERSTOOD);
      return;
    }
    head = head.substring(0, end + 2);
    headIsWhole = true;
    int begin = field + LENGTH.length();
    length = end + 4 + Long.parseLong(head, begin, head.indexOf('\r', begin), 10);
  }

  private void answer() {
    loop.answered(request, Integer.parseInt(head, 9, 12, 10), head.contains("\r\nretry-after: "));
    request = -1;
    if (head.contains("\r\nconnection: close\r\n")) {
      close(Answers.CUT_OFF);
    } else {
      loop.freed(this);
    }
  }

  /** Ends it where an answer is long overdue. */
  void giveUp(long now) {
    if (request >= 0 && now - sentAt > GIVE_UP) {
      close(Answers.LATE);
    }
  }

  /**
   * @param status what became of the request under way, if there is one
   */
  private void close(int status) {
    loop.ended(this);
    if (request >= 0) {
      loop.answered(request, status, false);
      request = -1;
    }
    try {
      channel.close();
    } catch (IOException gone) {
      // It is of no further use either way.
    }
  }
}
