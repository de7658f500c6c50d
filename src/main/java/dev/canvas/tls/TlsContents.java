package dev.canvas.tls;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * What {@link TlsFiles} hold at one moment, so that what is checked is what is used. Immutable.
 *
 * @param ca one or more certificates in PEM, {@link TlsFiles#SYSTEM} for those that Java trusts, or
 *     null to trust everybody
 * @param certificate a certificate and its chain in PEM; null for none
 * @param key the private key in PEM (PKCS#8, without a password); null for none
 */
public record TlsContents(String ca, String certificate, String key) {

  /**
   * For the sockets of Java. Whether the name of the other end is checked is up to them.
   *
   * @param caName the file or setting that names the CA, for the message of the failure
   * @throws IllegalArgumentException if it cannot be used, without a secret
   */
  public SSLContext context(String caName) throws SSLException {
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (ca == null) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (!ca.equals(TlsFiles.SYSTEM)) {
      try {
        builder.trustManager(stream(ca));
      } catch (IllegalArgumentException malformed) {
        throw new IllegalArgumentException(
            caName + " has no certificate: expected PEM with one or more", malformed);
      }
    }
    if (certificate != null) {
      builder.keyManager(stream(certificate), stream(key));
    }
    return ((JdkSslContext) builder.build()).context();
  }

  /** PEM is ASCII, with comments in any encoding. */
  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "TlsContents[]";
  }
}
