package dev.canvas.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.HandshakeCompletedEvent;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jgroups.util.DefaultSocketFactory;

/**
 * Makes the sockets of the membership: TLS in which both ends show a certificate of the cluster's
 * own authority, by the files as they are when a connection is made. Thread-safe.
 */
final class MemberSockets extends DefaultSocketFactory {

  /**
   * What a member sends to others waits for a handshake with one, its heartbeats too: so it is well
   * below the silence after which they give it up. It is longer than the time between heartbeats,
   * because it may still hold for the first bytes after the handshake.
   */
  private static final int HANDSHAKE_MS = 1_500;

  private final MemberTls tls;

  MemberSockets(MemberTls tls) {
    // What JGroups might make by the methods that it does not use now is secured, too.
    super(tls.context());
    this.tls = tls;
    setServerSocketConfigurator(server -> ((SSLServerSocket) server).setNeedClientAuth(true));
  }

  @Override
  public Socket createSocket(String use) throws IOException {
    SSLSocket socket = (SSLSocket) tls.context().getSocketFactory().createSocket();
    // A frozen member accepts connections and never answers.
    socket.setSoTimeout(HANDSHAKE_MS);
    socket.addHandshakeCompletedListener(MemberSockets::mayBeSilent);
    return socket;
  }

  @Override
  public ServerSocket createServerSocket(String use) throws IOException {
    // A server socket of TLS would use the certificates that it was made with for all connections.
    return new ServerSocket() {
      @Override
      public Socket accept() throws IOException {
        return secured(super.accept());
      }
    };
  }

  private Socket secured(Socket accepted) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.context().getSocketFactory().createSocket(accepted, null, true);
    socket.setNeedClientAuth(true);
    return socket;
  }

  private static void mayBeSilent(HandshakeCompletedEvent made) {
    try {
      made.getSocket().setSoTimeout(0);
    } catch (SocketException closed) {
      // Nobody reads from it any more.
    }
  }
}
