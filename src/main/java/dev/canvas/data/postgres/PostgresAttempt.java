package dev.canvas.data.postgres;

import dev.canvas.loop.ClientScope;
import dev.canvas.postgres.PostgresHost;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.postgres.PostgresSettings.SslMode;
import dev.canvas.tls.TlsFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One attempt to connect to one of the hosts of a database, and the connection that results. Tries
 * the hosts in turn, beginning with the one that was reached last. Each connection has a pool of
 * its own, of size one, because a connection's {@code close} waits for the statements in flight and
 * a pool's does not. Belongs to one event loop.
 */
final class PostgresAttempt {

  /** SQLSTATE invalid_authorization_specification: among others, TLS is required, or forbidden. */
  private static final String NOT_AUTHORISED = "28000";

  private final Vertx vertx;
  private final PostgresSettings settings;
  private final AtomicInteger host;
  private final Function<SqlConnection, Future<?>> admission;
  private ClientScope<Pool> pool;
  private boolean closed;
  private boolean connected;

  /**
   * @param host the index of the host to begin with; left at the host that was reached, or at the
   *     next one if the attempt is given up
   * @param admission fails if the server may not be used
   */
  PostgresAttempt(
      Vertx vertx,
      PostgresSettings settings,
      AtomicInteger host,
      Function<SqlConnection, Future<?>> admission) {
    this.vertx = vertx;
    this.settings = settings;
    this.host = host;
    this.admission = admission;
  }

  /** Connects. A failure is that of the first host that answered, or else that of the first. */
  Future<SqlConnection> connect() {
    return connect(0, null);
  }

  private Future<SqlConnection> connect(int tried, Throwable told) {
    if (closed || tried == settings.hosts().size()) {
      return Future.failedFuture(told);
    }
    PostgresHost candidate = settings.hosts().get(host.get());
    return connect(candidate)
        .compose(connection -> requireWritable(connection, candidate))
        .compose(connection -> admitted(connection, candidate))
        .onSuccess(connection -> connected = true)
        .recover(
            failure -> {
              pool.close();
              passOver();
              boolean saysMore =
                  told == null
                      || (told instanceof ConnectException
                          && !(failure instanceof ConnectException));
              return connect(tried + 1, saysMore ? failure : told);
            });
  }

  private Future<SqlConnection> connect(PostgresHost candidate) {
    if (candidate.isSocket()) {
      return connect(candidate, SslMode.DISABLE);
    }
    return switch (settings.mode()) {
      case DISABLE, REQUIRE -> connect(candidate, settings.mode());
      case ALLOW -> eitherWay(candidate, SslMode.DISABLE, SslMode.REQUIRE);
      case PREFER -> eitherWay(candidate, SslMode.REQUIRE, SslMode.DISABLE);
    };
  }

  private Future<SqlConnection> eitherWay(
      PostgresHost candidate, SslMode preferred, SslMode other) {
    return connect(candidate, preferred)
        .recover(
            failure -> {
              if (closed || !mayBeOtherwise(failure)) {
                return Future.failedFuture(failure);
              }
              pool.close();
              return connect(candidate, other)
                  .recover(
                      again -> Future.failedFuture(again instanceof PgException ? again : failure));
            });
  }

  /** Whether the server may accept the connection with TLS instead of without, or without. */
  private static boolean mayBeOtherwise(Throwable failure) {
    return failure instanceof PgException refusal
        ? NOT_AUTHORISED.equals(refusal.getSqlState())
        : !(failure instanceof ConnectException);
  }

  private Future<SqlConnection> connect(PostgresHost candidate, SslMode mode) {
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    PgConnectOptions options;
    try {
      options = options(candidate, mode, refusal::set);
    } catch (UnknownHostException malformed) {
      return Future.failedFuture(malformed);
    }
    NetClientOptions sockets = new NetClientOptions().setTcpKeepAlive(true);
    if (settings.connectTimeout() != null) {
      sockets.setConnectTimeout((int) settings.connectTimeout().toMillis());
    }
    ClientScope<Pool> opened =
        new ClientScope<>(
            vertx,
            () ->
                PgBuilder.pool()
                    .with(new PoolOptions().setMaxSize(1))
                    // A supplier, because a pool copies options, and their address would be lost.
                    .connectingTo(() -> Future.succeededFuture(options))
                    .with(sockets)
                    .using(vertx)
                    .build(),
            Pool::close);
    pool = opened;
    return opened
        .client()
        .getConnection()
        .recover(failure -> Future.failedFuture(explained(failure, refusal.get(), candidate)));
  }

  private static Throwable explained(Throwable failure, Throwable refusal, PostgresHost candidate) {
    return TlsFailure.of(
            refusal == null ? failure : refusal,
            "Postgres at " + candidate,
            "sslrootcert",
            "sslcert")
        .<Throwable>map(tls -> tls)
        .orElse(failure);
  }

  private PgConnectOptions options(
      PostgresHost candidate, SslMode mode, Consumer<CertificateException> onRefusal)
      throws UnknownHostException {
    PgConnectOptions options =
        candidate.address() == null
            ? new PgConnectOptions()
            : new AddressedOptions(candidate.name(), candidate.address(), candidate.port());
    options
        .setHost(candidate.name())
        .setPort(candidate.port())
        .setDatabase(settings.database())
        .setUser(settings.user())
        .setPassword(candidate.password() == null ? "" : candidate.password())
        .setPipeliningLimit(256)
        // One statement serves many requests: their traces tell of it (TracedStore).
        .setTracingPolicy(TracingPolicy.IGNORE)
        .addProperty("application_name", settings.applicationName());
    if (settings.options() != null) {
      options.addProperty("options", settings.options());
    }
    if (mode == SslMode.REQUIRE) {
      // The client would trust every server, or need a CA, by its own modes: the options decide.
      options
          .setSslMode(io.vertx.pgclient.SslMode.REQUIRE)
          .setSslOptions(settings.tls().clientOptions(onRefusal));
    } else {
      options.setSslMode(io.vertx.pgclient.SslMode.DISABLE);
    }
    return options;
  }

  private Future<SqlConnection> requireWritable(SqlConnection connection, PostgresHost candidate) {
    if (!settings.writable()) {
      return Future.succeededFuture(connection);
    }
    return connection
        .query(PostgresSettings.IS_WRITABLE)
        .execute()
        .compose(
            rows ->
                rows.iterator().next().getBoolean(0)
                    ? Future.succeededFuture(connection)
                    : Future.failedFuture(
                        // As an exception of the network, because a standby may be promoted soon.
                        new ConnectException(
                            "Postgres at " + candidate + " is read-only: a standby?")));
  }

  private Future<SqlConnection> admitted(SqlConnection connection, PostgresHost candidate) {
    return admission
        .apply(connection)
        .map(connection)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof StoreGuard.NotTheStoreException
                        ? new StoreGuard.NotTheStoreException(
                            "Postgres at " + candidate + " is not used: " + failure.getMessage())
                        : failure));
  }

  /** Gives the attempt up, or closes the connection, without waiting for the server. */
  void close() {
    closed = true;
    if (!connected) {
      // The host may be frozen: the next attempt begins with another.
      passOver();
    }
    if (pool != null) {
      pool.close();
    }
  }

  private void passOver() {
    host.updateAndGet(current -> (current + 1) % settings.hosts().size());
  }

  /** Connects to an address, and expects the certificate of a name. */
  private static final class AddressedOptions extends PgConnectOptions {

    private final SocketAddress socketAddress;

    AddressedOptions(String name, String address, int port) throws UnknownHostException {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      socketAddress =
          SocketAddress.inetSocketAddress(
              new InetSocketAddress(InetAddress.getByAddress(name, bytes), port));
    }

    @Override
    public SocketAddress getSocketAddress() {
      return socketAddress;
    }
  }
}
