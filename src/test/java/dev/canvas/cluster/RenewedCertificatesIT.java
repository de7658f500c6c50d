package dev.canvas.cluster;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.renewal.FileWatch;
import dev.canvas.testing.FreePorts;
import dev.canvas.testing.LogOf;
import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestCertificates.Issued;
import dev.canvas.tls.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of a cluster that run on while their certificates and their authority are replaced. */
class RenewedCertificatesIT {

  private static final int SILENCE_MS = 500;

  private static final DeliveryOptions SHORT = new DeliveryOptions().setSendTimeout(1_000);

  @TempDir private Path directory;

  private final int port = FreePorts.two();
  private final List<Node> nodes = new ArrayList<>();
  private TestCertificates authority;

  @BeforeEach
  void createAuthority() throws IOException {
    authority = new TestCertificates(directory.resolve("authority"));
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> node.vertx.close().await());
  }

  @Test
  void renewedCertificatesAreShownByThoseThatRun() throws Exception {
    Issued first = authority.issue("first");
    start(authority.ca(), first);
    start(authority.ca(), first);
    Issued second = authority.issue("second");
    SSLContext client = client(authority);
    try (LogOf log = new LogOf(FileWatch.class)) {
      nodes.forEach(node -> replace(second.certificate(), node.certificate));
      await().until(() -> told(log, "cluster.key is not the private key of") == 2);
      for (Node node : nodes) {
        assertEquals(List.of("CN=first", "CN=first"), node.shown(client));
      }
      nodes.forEach(node -> replace(second.key(), node.key));
    }
    awaitShown("CN=second", client);
    start(authority.ca(), authority.issue("third"));
    awaitAllReachAll();
  }

  @Test
  void theAuthorityIsReplacedInThreeSteps() throws Exception {
    Issued old = authority.issue("old");
    start(authority.ca(), old);
    start(authority.ca(), old);
    TestCertificates next = new TestCertificates(directory.resolve("next"));
    Path both =
        Files.writeString(
            directory.resolve("both.pem"),
            Files.readString(authority.ca()) + Files.readString(next.ca()));
    SSLContext newcomer = client(next);

    nodes.forEach(node -> replace(both, node.ca));
    await()
        .ignoreExceptions()
        .until(() -> nodes.stream().allMatch(node -> node.shown(newcomer).size() == 2));
    Issued issued = next.issue("new");
    nodes.forEach(node -> replace(issued.key(), node.key));
    nodes.forEach(node -> replace(issued.certificate(), node.certificate));
    awaitShown("CN=new", newcomer);
    nodes.forEach(node -> replace(next.ca(), node.ca));
    SSLContext former = client(authority);
    await().until(() -> nodes.stream().noneMatch(node -> node.admits(former)));

    start(next.ca(), next.issue("third"));
    awaitAllReachAll();
  }

  @Test
  void aNodeWhoseCertificateHasExpiredJoinsOnceItIsReplaced() throws Exception {
    start(authority.ca(), authority.issue("valid"));
    start(authority.ca(), authority.issueExpired("expired"));
    assertEquals(List.of(1, 1), nodes.stream().map(node -> node.member.members().size()).toList());
    Issued renewed = authority.issue("renewed");
    replace(renewed.key(), nodes.get(1).key);
    replace(renewed.certificate(), nodes.get(1).certificate);
    awaitAllReachAll();
  }

  private void awaitShown(String name, SSLContext client) {
    await()
        .ignoreExceptions()
        .until(
            () -> nodes.stream().allMatch(node -> node.shown(client).equals(List.of(name, name))));
  }

  private void awaitAllReachAll() {
    await()
        .until(() -> nodes.stream().allMatch(each -> each.member.members().size() == nodes.size()));
    await()
        .ignoreExceptions()
        .until(() -> nodes.stream().allMatch(from -> nodes.stream().allMatch(from::reaches)));
  }

  /** Starts a node with files of its own, which knows the first one. */
  private void start(Path ca, Issued issued) throws IOException {
    Path own = Files.createDirectory(directory.resolve("node-" + nodes.size()));
    Node node =
        new Node(
            nodes.isEmpty() ? port : FreePorts.two(),
            own.resolve("ca.pem"),
            own.resolve("node.pem"),
            own.resolve("node.key"));
    replace(ca, node.ca);
    replace(issued.certificate(), node.certificate);
    replace(issued.key(), node.key);
    node.join(port);
    nodes.add(node);
  }

  /** Copies a file, and gives the copy the name of another one. */
  private void replace(Path by, Path file) {
    try {
      Path copy = Files.copy(by, Files.createTempDirectory(directory, "copy").resolve("file"));
      Files.move(copy, file, ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A context that shows a certificate of an authority, and trusts everybody. */
  private static SSLContext client(TestCertificates authority) throws IOException {
    Issued issued = authority.issue("client");
    return new TlsFiles(null, issued.certificate().toString(), issued.key().toString(), false)
        .context();
  }

  private static long told(LogOf log, String text) {
    return log.lines().stream().filter(line -> line.contains(text)).count();
  }

  private static final class Node {
    private final int port;
    private final Path ca;
    private final Path certificate;
    private final Path key;
    private ClusterMember member;
    private Vertx vertx;

    Node(int port, Path ca, Path certificate, Path key) {
      this.port = port;
      this.ca = ca;
      this.certificate = certificate;
      this.key = key;
    }

    void join(int other) {
      member =
          new ClusterMember(
              new ClusterSettings(
                  "127.0.0.1",
                  port,
                  List.of(new ClusterSettings.Member("127.0.0.1", other)),
                  Optional.empty(),
                  Optional.of(
                      new TlsFiles(ca.toString(), certificate.toString(), key.toString(), false))));
      vertx = member.join(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(1));
      vertx
          .eventBus()
          .<String>consumer(member.id(), message -> message.reply(member.id()))
          .completion()
          .await();
    }

    boolean reaches(Node other) {
      String id = other.member.id();
      return vertx
          .eventBus()
          .<String>request(id, "", SHORT)
          .map(Message::body)
          .otherwise("")
          .await()
          .equals(id);
    }

    /** The names in the certificates that the two ports show to a client that they admit. */
    List<String> shown(SSLContext client) {
      List<String> names = new ArrayList<>();
      for (int each : new int[] {port, port + 1}) {
        try {
          names.add(exchange(client, each));
        } catch (IOException refused) {
          // It shows nothing.
        }
      }
      return names;
    }

    boolean admits(SSLContext client) {
      return !shown(client).isEmpty();
    }

    /** In TLS 1.3 the server refuses the certificate of the client after the client's handshake. */
    private static String exchange(SSLContext client, int port) throws IOException {
      try (SSLSocket socket =
          (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
        // Who is admitted gets no answer, and the membership hangs up after a second.
        socket.setSoTimeout(SILENCE_MS);
        socket.startHandshake();
        String name = socket.getSession().getPeerPrincipal().getName();
        try {
          if (socket.getInputStream().read() < 0) {
            throw new IOException("closed");
          }
        } catch (SocketTimeoutException admitted) {
          return name;
        }
        return name;
      }
    }
  }
}
