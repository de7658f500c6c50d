package dev.canvas.renewal;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate and its private key, as two files had them at one moment. Immutable.
 *
 * @param certificate the certificate and its chain, in PEM
 * @param key the private key, in PEM
 */
public record PemIdentity(String certificate, String key) {

  /** RFC 7468, section 10. */
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final byte[] ANYTHING = {1};

  /** Reads the files, whatever they hold. Blocking. */
  public static PemIdentity read(String certificateFile, String keyFile) throws IOException {
    return new PemIdentity(pem(certificateFile), pem(keyFile));
  }

  /** PEM is ASCII, with comments in any encoding. */
  private static String pem(String file) throws IOException {
    return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * Checks that others could accept it: the key is that of the certificate, which is valid now.
   *
   * @param certificateName the setting that names the file, for the message of the failure
   * @param keyName the setting that names the file with the key
   * @throws IllegalArgumentException saying what is wrong
   */
  public void requireUsable(String certificateName, String keyName) {
    X509Certificate first = first(certificateName);
    Instant now = Instant.now();
    if (now.isAfter(first.getNotAfter().toInstant())) {
      throw new IllegalArgumentException(
          "%s expired at %s: renew it".formatted(certificateName, first.getNotAfter().toInstant()));
    }
    if (now.isBefore(first.getNotBefore().toInstant())) {
      throw new IllegalArgumentException(
          "%s is not valid before %s: check the clocks"
              .formatted(certificateName, first.getNotBefore().toInstant()));
    }
    if (!isKeyOf(first.getPublicKey())) {
      throw new IllegalArgumentException(
          "%s is not the private key of %s: expected PKCS#8 in PEM without a password"
              .formatted(keyName, certificateName));
    }
  }

  /** For a client or a server of Vert.x. */
  public PemKeyCertOptions options() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(certificate))
        .addKeyValue(Buffer.buffer(key));
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "PemIdentity[]";
  }

  private X509Certificate first(String name) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException malformed) {
      throw new IllegalArgumentException(
          name + " is no certificate: expected PEM with the certificate and its chain", malformed);
    }
  }

  private boolean isKeyOf(PublicKey publicKey) {
    Matcher pem = KEY.matcher(key);
    try {
      return pem.find() && isPair(publicKey, privateKey(publicKey.getAlgorithm(), pem.group(1)));
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      return false;
    }
  }

  private static PrivateKey privateKey(String algorithm, String base64)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }

  /** Whether one verifies what the other signs. */
  private static boolean isPair(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            switch (publicKey.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> publicKey.getAlgorithm();
            });
    signature.initSign(privateKey);
    signature.update(ANYTHING);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(ANYTHING);
    return signature.verify(signed);
  }
}
