package dev.canvas.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Makes the sockets of JDBC where the name of the host does not say where to connect: Unix sockets,
 * and hosts with an address of their own. Public because JDBC creates it by its name.
 */
public final class JdbcSocketFactory extends SocketFactory {

  private final String place;

  /**
   * @param place the file of a Unix socket, which begins with a slash, or an address
   */
  public JdbcSocketFactory(String place) {
    this.place = place;
  }

  @Override
  public Socket createSocket() throws IOException {
    return place.startsWith("/") ? new UnixSocket(Path.of(place)) : new AddressedSocket();
  }

  /** Connects to the address instead of the one that the name of the host has. */
  private final class AddressedSocket extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      int port = ((InetSocketAddress) endpoint).getPort();
      super.connect(new InetSocketAddress(InetAddress.getByName(place), port), timeout);
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("only unconnected sockets");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("only unconnected sockets");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("only unconnected sockets");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new IOException("only unconnected sockets");
  }
}
