package dev.canvas.cluster;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestCertificates.Issued;
import dev.canvas.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberTlsTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = TlsFiles.SYSTEM)
  void onlyAnAuthorityOfTheClustersOwnIsTrusted(String ca) throws IOException {
    assertTrue(refusal(ca).contains("cluster.ca names no file"), refusal(ca));
  }

  @Test
  void anAuthorityWithoutACertificateIsRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertTrue(refusal(empty.toString()).contains("cluster.ca has no certificate"));
  }

  private String refusal(String ca) throws IOException {
    TestCertificates authority =
        new TestCertificates(Files.createTempDirectory(directory, "authority"));
    Issued issued = authority.issue("node");
    TlsFiles files =
        new TlsFiles(ca, issued.certificate().toString(), issued.key().toString(), false);
    return assertThrows(ClusterException.class, () -> new MemberTls(files)).getCause().getMessage();
  }
}
