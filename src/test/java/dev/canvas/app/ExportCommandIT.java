package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code canvas export}, and {@code canvas seed} of what it wrote. */
class ExportCommandIT {

  private final RunningService service = new RunningService();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void seedReadsWhatExportWrote() throws Exception {
    for (int id = 1; id <= 1_200; id++) {
      service.put(id);
    }
    Path file = directory.resolve("all.ndjson.gz");
    Map<String, String> environment = Map.of("CANVAS_POSTGRES_URI", service.database().uri());
    service.database().execute("delete from product_media where product_id > 1000");
    CanvasProcess.run(0, environment, "export", "--file", file.toString());
    service.database().execute("create table kept as select * from product_media");
    for (int id = 1_001; id <= 1_200; id++) {
      service.put(id);
    }
    service
        .database()
        .execute("insert into kept select * from product_media where product_id > 1000");
    String done =
        CanvasProcess.run(0, environment, "export", "--file", file.toString(), "--after", "1000");
    assertTrue(done.contains("Done: 200 products"), done);
    assertTrue(done.contains("the last product is 1200"), done);
    CanvasProcess.run(
        0,
        Map.of(
            "CANVAS_POSTGRES_URI",
            service.database().uri(),
            "CANVAS_REDIS_URI",
            TestServers.shared().redisUri()),
        "seed",
        "--file",
        file.toString(),
        "--truncate");
    assertEquals(
        "1200",
        service
            .database()
            .query(
                "select count(*) from product_media p join kept k using (product_id)"
                    + " where p.media::text = k.media::text and p.version > k.version"));
    String printed = CanvasProcess.run(0, environment, "export", "--after", "1198");
    assertTrue(printed.contains("{\"product_id\":1199,"), printed);
    assertTrue(printed.contains("Done: 2 products"), printed);
  }

  @Test
  void exportThatIsCutShortIsNotLoaded() throws Exception {
    service.put(5_001);
    service.put(5_002);
    Map<String, String> environment =
        Map.of(
            "CANVAS_POSTGRES_URI",
            service.database().uri(),
            "CANVAS_REDIS_URI",
            TestServers.shared().redisUri());
    Path file = directory.resolve("cut.ndjson");
    CanvasProcess.run(0, environment, "export", "--after", "5000", "--file", file.toString());
    List<String> lines = Files.readAllLines(file);
    assertEquals("{\"canvas_export_end\":1,\"products\":2}", lines.get(3));
    Files.write(file, lines.subList(0, 2));
    String count = service.database().query("select count(*) from product_media");
    String refused =
        CanvasProcess.run(1, environment, "seed", "--file", file.toString(), "--truncate");
    assertTrue(refused.contains("The export is cut short: it has 1 products"), refused);
    assertEquals(count, service.database().query("select count(*) from product_media"));
  }

  @Test
  void exportReportsWhatIsWrong() {
    String unreachable =
        CanvasProcess.run(
            1, Map.of("CANVAS_POSTGRES_URI", "postgresql://canvas@127.0.0.1:1/canvas"), "export");
    assertTrue(unreachable.contains("CANVAS_POSTGRES_URI"), unreachable);
    CanvasProcess.run(2, Map.of(), "export", "--after", "x");
  }
}
