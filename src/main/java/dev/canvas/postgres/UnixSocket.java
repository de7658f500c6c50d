package dev.canvas.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A Unix socket (JEP 380) with the interface of {@link Socket}, which the JDK does not offer and
 * JDBC needs. One thread may read while another writes. Unlike a socket of TCP, it is closed if its
 * thread is interrupted.
 */
final class UnixSocket extends Socket {

  private final Path file;
  private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
  private final Selector readable = Selector.open();
  private final Selector writable = Selector.open();
  private volatile int readTimeoutMs;

  UnixSocket(Path file) throws IOException {
    this.file = file;
  }

  /** Connects to the file, whatever the endpoint: a local server accepts at once. */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException failure) {
      throw new SocketException(file + ": " + failure.getMessage());
    }
    channel.configureBlocking(false);
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return UnixSocket.this.read(ByteBuffer.wrap(bytes, offset, length));
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        UnixSocket.this.write(ByteBuffer.wrap(bytes, offset, length));
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  private int read(ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return 0;
    }
    int read = channel.read(bytes);
    while (read == 0) {
      int timeoutMs = readTimeoutMs;
      if (await(readable, timeoutMs) == 0 && timeoutMs > 0) {
        throw new SocketTimeoutException("no answer within " + readTimeoutMs + " ms");
      }
      read = channel.read(bytes);
    }
    return read;
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(writable, 0);
      }
    }
  }

  private static int await(Selector selector, int timeoutMs) throws IOException {
    try {
      int selected = selector.select(timeoutMs);
      selector.selectedKeys().clear();
      return selected;
    } catch (ClosedSelectorException closed) {
      throw new SocketException("the socket is closed");
    }
  }

  @Override
  public synchronized void setSoTimeout(int timeoutMs) {
    readTimeoutMs = timeoutMs;
  }

  @Override
  public synchronized int getSoTimeout() {
    return readTimeoutMs;
  }

  /** Has no effect, as the other options of TCP have none. */
  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public synchronized void setReceiveBufferSize(int size) {}

  @Override
  public synchronized void setSendBufferSize(int size) {}

  @Override
  public synchronized int getReceiveBufferSize() {
    return 0;
  }

  @Override
  public synchronized int getSendBufferSize() {
    return 0;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }
}
