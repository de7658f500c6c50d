package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

  @Test
  void connectionLimitLeavesDescriptorsForOtherUses() {
    assertEquals(114, new OpenFiles(256, 104).connectionLimit());
    assertEquals(1, new OpenFiles(100, 104).connectionLimit());
  }

  @Test
  void defaultConnectionLimitIsAtMostTenThousand() {
    assertEquals(10_000, new OpenFiles(1_048_576, 104).connectionLimit());
    assertTrue(OpenFiles.now().open() < OpenFiles.now().limit());
  }
}
