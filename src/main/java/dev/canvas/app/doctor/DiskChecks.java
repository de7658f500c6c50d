package dev.canvas.app.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks the room on the disks that servers of {@code up} and logs are written to. */
final class DiskChecks {

  private static final long GIGABYTE = 1_000_000_000;
  private static final double MIN_FREE_SHARE = 0.05;

  private DiskChecks() {}

  /**
   * One finding for each disk that holds one of the directories; those that are missing are not
   * looked at.
   */
  static List<Finding> findings(List<Path> directories) {
    Map<FileStore, Path> disks = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    try {
      for (Path directory : directories) {
        if (Files.isDirectory(directory)) {
          disks.putIfAbsent(Files.getFileStore(directory), directory);
        }
      }
      for (Map.Entry<FileStore, Path> disk : disks.entrySet()) {
        findings.add(
            finding(
                disk.getValue(), disk.getKey().getUsableSpace(), disk.getKey().getTotalSpace()));
      }
    } catch (IOException unknown) {
      findings.add(
          Finding.warn("disk", "its free space is unknown (" + unknown + ")", "look with df -h"));
    }
    return findings;
  }

  static Finding finding(Path directory, long free, long total) {
    return Finding.warnUnless(
        free >= GIGABYTE && free >= MIN_FREE_SHARE * total,
        "disk",
        "that of %s has %s of %s free".formatted(directory, gigabytes(free), gigabytes(total)),
        "free some space, as Postgres and the log fail on a full disk; or stop Canvas and move"
            + " the directory to another disk");
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", (double) bytes / GIGABYTE);
  }
}
