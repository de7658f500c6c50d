package dev.canvas.tls;

import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * What a client needs for TLS: whom it trusts, and who it is. The files are read for each
 * connection, so a renewed certificate needs no restart. Immutable.
 *
 * @param ca a PEM file with the certificates that are trusted, {@link #SYSTEM} for those that Java
 *     trusts, or null to trust every server
 * @param certificate a PEM file with the certificate of the client and its chain; null for none
 * @param key a PEM file with its private key (PKCS#8, without a password); null for none
 * @param checksName whether the certificate of the server has to be for the host that was asked
 */
public record TlsFiles(String ca, String certificate, String key, boolean checksName) {

  /** Trusts the certificate authorities that Java trusts. */
  public static final String SYSTEM = "system";

  /** As HTTPS does (RFC 2818): alternative names first, then the common name. */
  private static final String CHECK_NAME = "HTTPS";

  /**
   * Checks that the files can be used.
   *
   * @param caName the parameter or setting that names the CA file, for the message of the failure;
   *     so are the other two
   * @throws IllegalArgumentException naming the file that cannot be used
   */
  public TlsFiles check(String caName, String certificateName, String keyName) {
    if (ca != null && !ca.equals(SYSTEM)) {
      requireCertificates(caName, ca);
    }
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "both %s and %s, or neither".formatted(certificateName, keyName));
    }
    if (certificate != null) {
      requireCertificates(certificateName, certificate);
      requireKey(keyName);
    }
    return this;
  }

  /**
   * For a client of Vert.x.
   *
   * @param onRefusal receives the reason if the certificate of the server is refused, on any thread
   */
  public ClientSSLOptions clientOptions(Consumer<CertificateException> onRefusal) {
    ClientSSLOptions options =
        new ClientSSLOptions()
            .setTrustAll(ca == null)
            .setHostnameVerificationAlgorithm(checksName ? CHECK_NAME : "");
    if (ca != null) {
      options.setTrustOptions(new RecordedTrust(ca, onRefusal));
    }
    if (certificate != null) {
      options.setKeyCertOptions(new PemKeyCertOptions().setCertPath(certificate).setKeyPath(key));
    }
    return options;
  }

  /** Reads the files, whatever they hold. Blocking. */
  public TlsContents read() throws IOException {
    return new TlsContents(SYSTEM.equals(ca) ? SYSTEM : pem(ca), pem(certificate), pem(key));
  }

  private static String pem(String file) throws IOException {
    return file == null ? null : Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
  }

  /** For a blocking client. Whether the name is checked is up to its sockets. */
  public SSLContext context() throws SSLException {
    TlsContents now;
    try {
      now = read();
    } catch (IOException unreadable) {
      throw new SSLException("could not read " + unreadable.getMessage(), unreadable);
    }
    return now.context(ca);
  }

  private static void requireCertificates(String name, String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new CertificateException("no certificate");
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "%s to name a file that can be read, and '%s' cannot".formatted(name, file), unreadable);
    } catch (CertificateException malformed) {
      throw new IllegalArgumentException(
          "%s to name a file of certificates in PEM, and '%s' is none".formatted(name, file),
          malformed);
    }
  }

  private void requireKey(String name) {
    try {
      SslContextBuilder.forClient()
          .keyManager(Path.of(certificate).toFile(), Path.of(key).toFile());
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          "%s to name the private key of the certificate as PKCS#8 in PEM without a password, and '%s' is none"
              .formatted(name, key),
          malformed);
    }
  }
}
