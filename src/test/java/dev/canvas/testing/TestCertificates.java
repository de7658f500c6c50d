package dev.canvas.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of a test, which issues certificates by the {@code keytool} of the JDK.
 */
public final class TestCertificates {

  private static final char[] PASSWORD = "changeit".toCharArray();

  /**
   * A certificate and its key as PEM files.
   *
   * @param key readable by its owner alone
   */
  public record Issued(Path certificate, Path key) {}

  private final Path directory;
  private final Path keyStore;
  private final String algorithm;

  /** Creates an authority that keeps its files in a directory. */
  public TestCertificates(Path directory) throws IOException {
    this(directory, "EC");
  }

  /** The same with keys of RSA, EC or Ed25519. */
  public TestCertificates(Path directory, String algorithm) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.keyStore = directory.resolve("keys.p12");
    this.algorithm = algorithm;
    keytool("-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    write("ca.pem", "CERTIFICATE", certificate("ca"));
  }

  /** A context of a client that trusts one authority. */
  public static SSLContext trusting(Path ca) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream certificate = Files.newInputStream(ca)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** The PEM file with the certificate of the authority. */
  public Path ca() {
    return directory.resolve("ca.pem");
  }

  /** A context for clients that trust this authority alone. */
  public SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, PASSWORD);
    trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  /**
   * Issues a certificate.
   *
   * @param name its common name, and the name of its files
   * @param alternatives its alternative names, such as {@code dns:localhost}; none for a client
   */
  public Issued issue(String name, String... alternatives) throws IOException {
    return alternatives.length == 0
        ? issueWith(name)
        : issueWith(name, "-ext", "san=" + String.join(",", alternatives));
  }

  /** Issues a certificate that has expired. */
  public Issued issueExpired(String name) throws IOException {
    return issueWith(name, "-startdate", "-20d");
  }

  private Issued issueWith(String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-alias", name, "-dname", "CN=" + name, "-signer", "ca"));
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(String[]::new));
    Path certificate = write(name + ".pem", "CERTIFICATE", certificate(name));
    Path key = write(name + ".key", "PRIVATE KEY", key(name));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return new Issued(certificate, key);
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-validity",
                "10",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                new String(PASSWORD)));
    if (algorithm.equals("EC")) {
      command.addAll(List.of("-groupname", "secp256r1"));
    }
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(said);
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private byte[] certificate(String alias) throws IOException {
    try {
      Certificate certificate = keys().getCertificate(alias);
      return certificate.getEncoded();
    } catch (GeneralSecurityException failure) {
      throw new IOException(failure);
    }
  }

  private byte[] key(String alias) throws IOException {
    try {
      return keys().getKey(alias, PASSWORD).getEncoded();
    } catch (GeneralSecurityException failure) {
      throw new IOException(failure);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(keyStore.toFile(), PASSWORD);
  }

  private Path write(String file, String type, byte[] content) throws IOException {
    return Files.writeString(
        directory.resolve(file),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(content)));
  }
}
