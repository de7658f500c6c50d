package dev.canvas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The installed {@code nginx} with the configuration of {@code conf/nginx}, of which only the
 * places are changed: addresses, ports, certificate and directories.
 */
public final class OwnNginx implements AutoCloseable {

  private static final Path CONFIGURATION = Path.of("conf", "nginx");

  private final Process process;
  private final int tlsPort;
  private final int plainPort;
  private final Path directory;

  private OwnNginx(Process process, int tlsPort, int plainPort, Path directory) {
    this.process = process;
    this.tlsPort = tlsPort;
    this.plainPort = plainPort;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts it with {@code several-machines.conf}.
   *
   * @param directory new, for its files
   * @param upstreams the ports of three servers on 127.0.0.1
   * @param edit further changes of each configuration file
   */
  public static OwnNginx start(
      Path directory,
      List<Integer> upstreams,
      TestCertificates.Issued certificate,
      UnaryOperator<String> edit)
      throws IOException {
    int tls = FreePorts.one();
    int plain = FreePorts.one();
    copy(directory, upstreams, certificate, tls, plain, edit);
    Process process =
        program(directory, "several-machines.conf", "-g", "daemon off;")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("error.log").toFile())
            .start();
    OwnNginx nginx = new OwnNginx(process, tls, plain, directory);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !process.isAlive() || accepts(tls));
    if (!process.isAlive()) {
      throw new IllegalStateException(nginx.errors());
    }
    return nginx;
  }

  /** Has nginx check one of the configurations; returns what it says if it finds a fault. */
  public static String check(Path directory, String file, TestCertificates.Issued certificate)
      throws IOException, InterruptedException {
    copy(directory, List.of(1, 2, 3), certificate, FreePorts.one(), FreePorts.one(), text -> text);
    Process process = program(directory, file, "-t").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said;
  }

  /** The port that speaks TLS, with HTTP/1.1 and HTTP/2. */
  public int tlsPort() {
    return tlsPort;
  }

  /** A port of the same server without TLS, which only the tests have. */
  public int plainPort() {
    return plainPort;
  }

  /** What it has logged. */
  public String errors() {
    try {
      return Files.readString(directory.resolve("error.log"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    // The workers end with their master, if it is asked to.
    process.destroy();
    process.onExit().join();
  }

  private static ProcessBuilder program(Path directory, String file, String... arguments) {
    Stream<String> line =
        Stream.concat(
            Stream.of(
                executable().toString(),
                "-p",
                directory.toString(),
                "-e",
                "stderr",
                "-c",
                directory.resolve(file).toString()),
            Stream.of(arguments));
    return new ProcessBuilder(line.toList());
  }

  private static void copy(
      Path directory,
      List<Integer> upstreams,
      TestCertificates.Issued certificate,
      int tls,
      int plain,
      UnaryOperator<String> edit)
      throws IOException {
    Files.createDirectories(directory.resolve("canvas"));
    int cache = FreePorts.one();
    int writes = FreePorts.one();
    try (Stream<Path> files = Files.walk(CONFIGURATION)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".conf")).toList()) {
        String text =
            Files.readString(file)
                .replaceAll("listen 80;", "listen 127.0.0.1:" + FreePorts.one() + ";")
                .replaceAll(" *listen \\[::].*", "")
                .replaceAll(
                    "listen 443 (.*)",
                    "listen 127.0.0.1:" + tls + " $1 listen 127.0.0.1:" + plain + " backlog=4096;")
                .replace("10.0.0.11:1121", "127.0.0.1:" + upstreams.get(0))
                .replace("10.0.0.12:1121", "127.0.0.1:" + upstreams.get(1))
                .replace("10.0.0.13:1121", "127.0.0.1:" + upstreams.get(2))
                .replace("127.0.0.1:1120", "127.0.0.1:" + cache)
                .replace("127.0.0.1:1119", "127.0.0.1:" + writes)
                .replace("/etc/ssl/certs/shop.example.pem", certificate.certificate().toString())
                .replace("/etc/ssl/private/shop.example.key", certificate.key().toString())
                .replace("/var/log/nginx/", directory + "/")
                .replace("/var/cache/nginx/", directory + "/cache-")
                .replace("user www-data;", user(directory));
        if (file.endsWith("http.conf")) {
          text += directories(directory);
        }
        Files.writeString(
            directory.resolve(CONFIGURATION.relativize(file).toString()), edit.apply(text));
      }
    }
  }

  /** Root would otherwise give its workers another user, who cannot enter the directory. */
  private static String user(Path directory) {
    String pid = "pid " + directory.resolve("nginx.pid") + ";";
    return System.getProperty("user.name").equals("root") ? "user root; " + pid : pid;
  }

  private static String directories(Path directory) {
    StringBuilder lines = new StringBuilder();
    for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      lines.append("%s_temp_path %s/%s;%n".formatted(kind, directory, kind));
    }
    return lines.toString();
  }

  /** Debian has it in a directory of administrators. */
  private static Path executable() {
    for (String directory : (System.getenv("PATH") + ":/usr/sbin").split(":", -1)) {
      Path program = Path.of(directory, "nginx");
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    throw new IllegalStateException("nginx is not installed");
  }

  private static boolean accepts(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
