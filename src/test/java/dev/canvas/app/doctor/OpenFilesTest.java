package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

  @Test
  void connectionsLeaveDescriptorsToEverythingElse() {
    assertEquals(114, new OpenFiles(256, 104).connections());
    assertEquals(1, new OpenFiles(100, 104).connections());
  }

  @Test
  void moreConnectionsThanTenThousandHaveToBeAskedFor() {
    assertEquals(10_000, new OpenFiles(1_048_576, 104).connections());
    assertTrue(OpenFiles.now().open() < OpenFiles.now().most());
  }
}
