package dev.canvas.renewal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates and keys may replace others. */
class PemIdentityTest {

  @TempDir private static Path directory;

  private static TestCertificates authority;
  private static TestCertificates.Issued issued;

  @BeforeAll
  static void issue() throws IOException {
    authority = new TestCertificates(directory.resolve("authority"));
    issued = authority.issue("node");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void aCertificateWithItsKeyIsUsable(String algorithm) throws IOException {
    TestCertificates.Issued node =
        new TestCertificates(directory.resolve(algorithm), algorithm).issue("node");
    assertDoesNotThrow(() -> check(node.certificate(), node.key()));
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() throws IOException {
    Path other = authority.issue("other").key();
    Path rsa = new TestCertificates(directory.resolve("other"), "RSA").issue("node").key();
    for (Path key : new Path[] {other, rsa, issued.certificate()}) {
      assertEquals(
          "a.key is not the private key of a.certificate: expected PKCS#8 in PEM without a"
              + " password",
          refusal(issued.certificate(), key));
    }
  }

  @Test
  void anExpiredCertificateIsRefused() throws IOException {
    TestCertificates.Issued expired = authority.issueExpired("expired");
    String refusal = refusal(expired.certificate(), expired.key());
    assertTrue(refusal.startsWith("a.certificate expired at 20"), refusal);
  }

  @Test
  void whatIsNoCertificateIsRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    for (Path file : new Path[] {empty, issued.key()}) {
      String refusal = refusal(file, issued.key());
      assertTrue(refusal.startsWith("a.certificate is no certificate"), refusal);
    }
  }

  @Test
  void commentsInAnyEncodingAreAllowed() throws IOException {
    Path commented = directory.resolve("commented.pem");
    Files.writeString(
        commented, "Größe\n" + Files.readString(issued.certificate()), StandardCharsets.ISO_8859_1);
    assertDoesNotThrow(() -> check(commented, issued.key()));
  }

  @Test
  void theKeyIsNotShown() throws IOException {
    assertFalse(read(issued.certificate(), issued.key()).toString().contains("KEY"));
  }

  private static String refusal(Path certificate, Path key) {
    return assertThrows(IllegalArgumentException.class, () -> check(certificate, key)).getMessage();
  }

  private static void check(Path certificate, Path key) throws IOException {
    read(certificate, key).requireUsable("a.certificate", "a.key");
  }

  private static PemIdentity read(Path certificate, Path key) throws IOException {
    return PemIdentity.read(certificate.toString(), key.toString());
  }
}
