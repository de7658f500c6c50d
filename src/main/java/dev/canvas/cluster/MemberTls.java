package dev.canvas.cluster;

import dev.canvas.renewal.FileWatch;
import dev.canvas.renewal.PemIdentity;
import dev.canvas.tls.TlsContents;
import dev.canvas.tls.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * TLS between the members of a cluster, for the membership and for the event bus. Both ends show a
 * certificate of the cluster's authority; the name in it is not checked, because any member is
 * trusted alike. Renewed files apply to the connections that are made from then on (ADR 53).
 * Thread-safe.
 */
final class MemberTls {

  private static final Logger LOG = Logger.getLogger(MemberTls.class);

  private final TlsFiles files;
  private final TlsContents atTheStart;

  /** Another one for each change: it would resume sessions without a look at certificates. */
  private volatile SSLContext context;

  /**
   * Reads the files. Blocking.
   *
   * @throws ClusterException if they cannot be used, or would have others than the cluster's own
   *     authority trusted
   */
  MemberTls(TlsFiles files) {
    this.files = files;
    try {
      if (files.ca() == null || files.ca().equals(TlsFiles.SYSTEM)) {
        throw new IllegalArgumentException(
            "cluster.ca names no file: expected one with the cluster's own authority");
      }
      atTheStart = files.read();
      context = context(atTheStart);
    } catch (IOException | IllegalArgumentException unusable) {
      throw new ClusterException(unusable);
    }
  }

  /** What the next connection of the membership uses. */
  SSLContext context() {
    return context;
  }

  /** Has an event bus use the files as they are when it is made. */
  void secure(EventBusOptions options) {
    options
        .setSsl(true)
        // Vert.x trusts everybody on its bus unless it is told otherwise.
        .setTrustAll(false)
        .setClientAuth(ClientAuth.REQUIRED)
        .setTrustOptions(new PemTrustOptions().addCertPath(files.ca()))
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(files.certificate()).setKeyPath(files.key()));
  }

  /** Takes renewed files over, for as long as the Vert.x runs. */
  void renew(Vertx vertx) {
    try {
      NetServer server = part(vertx.eventBus(), "server", NetServer.class);
      NetClient client = part(vertx.eventBus(), "client", NetClient.class);
      FileWatch.start(
          vertx,
          "The certificates of the cluster",
          atTheStart,
          files::read,
          now -> use(now, server, client));
    } catch (ReflectiveOperationException | InaccessibleObjectException hidden) {
      LOG.warnf(
          "Renewed certificates of the cluster apply at the next start only: this Vert.x hides the"
              + " sockets of its event bus (%s)",
          hidden);
    }
  }

  /** A private part of the clustered event bus, as Vert.x lets nobody else reach its sockets. */
  private static <T> T part(EventBus bus, String name, Class<T> type)
      throws ReflectiveOperationException {
    Field field = bus.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return type.cast(field.get(bus));
  }

  private Future<?> use(TlsContents now, NetServer server, NetClient client) throws SSLException {
    PemIdentity identity = new PemIdentity(now.certificate(), now.key());
    identity.requireUsable("cluster.certificate", "cluster.key");
    SSLContext renewed = context(now);
    TrustOptions trust = new PemTrustOptions().addCertValue(Buffer.buffer(now.ca()));
    ServerSSLOptions accepting = new ServerSSLOptions().setClientAuth(ClientAuth.REQUIRED);
    accepting.setTrustOptions(trust).setKeyCertOptions(identity.options());
    ClientSSLOptions connecting =
        new ClientSSLOptions().setTrustAll(false).setHostnameVerificationAlgorithm("");
    connecting.setTrustOptions(trust).setKeyCertOptions(identity.options());
    return server
        .updateSSLOptions(accepting)
        .compose(accepted -> client.updateSSLOptions(connecting))
        .onSuccess(connected -> context = renewed);
  }

  private static SSLContext context(TlsContents contents) throws SSLException {
    return contents.context("cluster.ca");
  }
}
