import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A keep-alive connection with at most one request in flight. */
final class Connection {

  private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_HEAD_LENGTH = 2 * 1024;

  private static final String CONTENT_LENGTH = "\r\ncontent-length: ";

  private final OpenLoop loop;
  private final SocketChannel channel = SocketChannel.open();
  private final SelectionKey key;
  private final ByteBuffer in;
  private int request = -1;
  private long sentAt;
  private long received;
  private String head = "";
  private boolean headIsComplete;
  private long length;

  /**
   * @param in a buffer to read into, shared by all connections; empty between two reads
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
      close(Responses.CONNECTION_CLOSED);
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

  void send(int number, byte[] text) {
    request = number;
    sentAt = System.nanoTime();
    received = 0;
    head = "";
    headIsComplete = false;
    try {
      ByteBuffer out = ByteBuffer.wrap(text);
      channel.write(out);
      if (out.hasRemaining()) {
        throw new IOException("A request does not fit into the buffer of its socket");
      }
    } catch (IOException ended) {
      close(Responses.CONNECTION_CLOSED);
    }
  }

  private void read() throws IOException {
    in.clear();
    int count = channel.read(in);
    if (count < 0 || request < 0) {
      close(Responses.CONNECTION_CLOSED);
      return;
    }
    received += count;
    if (!headIsComplete) {
      readHead();
    }
    if (headIsComplete && received >= length) {
      complete();
    }
  }

  private void readHead() {
    byte[] bytes = new byte[Math.min(in.position(), MAX_HEAD_LENGTH)];
    in.get(0, bytes);
    head += new String(bytes, StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0 && head.length() < MAX_HEAD_LENGTH) {
      return;
    }
    int field = field(CONTENT_LENGTH, "\r\nContent-Length: ");
    if (end < 0 || field < 0 || field > end) {
      close(Responses.INVALID_RESPONSE);
      return;
    }
    head = head.substring(0, end + 2);
    headIsComplete = true;
    int start = field + CONTENT_LENGTH.length();
    length = end + 4 + Long.parseLong(head, start, head.indexOf('\r', start), 10);
  }

  /**
   * Where a header field begins, in the spelling of Canvas or of others. To fold the case of each
   * head would cost more.
   */
  private int field(String lower, String title) {
    int found = head.indexOf(lower);
    return found < 0 ? head.indexOf(title) : found;
  }

  private void complete() {
    loop.answered(request, Integer.parseInt(head, 9, 12, 10), head.contains("\r\nretry-after: "));
    request = -1;
    if (field("\r\nconnection: close\r\n", "\r\nConnection: close\r\n") >= 0) {
      close(Responses.CONNECTION_CLOSED);
    } else {
      loop.available(this);
    }
  }

  /** Closes the connection if its request has waited too long. */
  void closeIfTimedOut(long now) {
    if (request >= 0 && now - sentAt > TIMEOUT) {
      close(Responses.TIMED_OUT);
    }
  }

  /**
   * @param status the outcome of the request in flight, if there is one
   */
  private void close(int status) {
    loop.closed(this);
    if (request >= 0) {
      loop.answered(request, status, false);
      request = -1;
    }
    try {
      channel.close();
    } catch (IOException ignored) {
      // The connection is not used again either way.
    }
  }
}
