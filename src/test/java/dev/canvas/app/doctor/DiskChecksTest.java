package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the doctor warns of a disk. */
class DiskChecksTest {

  private static final long GB = 1_000_000_000;

  @Test
  void aDiskIsNearlyFullBelowAGigabyteOrATwentieth() {
    assertEquals(Finding.Verdict.OK, verdict(GB, 20 * GB));
    assertEquals(Finding.Verdict.WARN, verdict(GB - 1, 2 * GB));
    assertEquals(Finding.Verdict.OK, verdict(50 * GB, 1_000 * GB));
    assertEquals(Finding.Verdict.WARN, verdict(50 * GB - 1, 1_000 * GB));
    assertEquals(Finding.Verdict.WARN, verdict(0, 0));
  }

  @Test
  void eachDiskIsToldOnceAndAMissingDirectoryNot(@TempDir Path directory) {
    Path missing = directory.resolve("missing");
    List<Finding> findings = DiskChecks.findings(List.of(missing, directory, directory));
    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).observation().contains(directory.toString()), findings::toString);
    assertEquals(List.of(), DiskChecks.findings(List.of(missing)));
  }

  private static Finding.Verdict verdict(long free, long total) {
    return DiskChecks.finding(Path.of("/data"), free, total).verdict();
  }
}
