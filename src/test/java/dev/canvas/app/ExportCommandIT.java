package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  void exportLeavesOutWhatCannotBeReadAndSaysSo() {
    service.put(1);
    service.put(2, "{\"a\":1}");
    service.put(3);
    Path file = directory.resolve("readable.ndjson");
    Map<String, String> environment = stores();
    String printed = CanvasProcess.run(3, environment, "export", "--file", file.toString());
    assertTrue(printed.contains("canvas: Product 2 is left out"), printed);
    assertTrue(printed.contains("Done: 2 products"), printed);
    CanvasProcess.run(0, environment, "seed", "--file", file.toString(), "--truncate");
    assertEquals("2", service.database().query("select count(*) from product_media"));
  }

  @Test
  void exportThatIsCutShortIsNotLoaded() throws Exception {
    service.put(5_001);
    service.put(5_002);
    Map<String, String> environment = stores();
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
  void anExportFlowsThroughPipes() throws Exception {
    for (int id = 1; id <= 1_200; id++) {
      service.put(id);
    }
    Process reader = export("--file", "-");
    try (BufferedReader lines = reader.inputReader(StandardCharsets.UTF_8)) {
      assertTrue(lines.readLine().startsWith("{\"canvas_export\":1"));
    }
    // The reader has gone, as head does: nothing is said.
    assertEquals(141, reader.waitFor());
    assertEquals("", Files.readString(directory.resolve("errors")));

    Process whole = export("--file", "/dev/stdout");
    service.database().execute("create table kept as select * from product_media");
    byte[] documents = whole.getInputStream().readAllBytes();
    assertEquals(0, whole.waitFor());
    service.database().execute("delete from product_media");
    Process seed =
        builder("seed", "--file", "-")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("seed").toFile())
            .start();
    try (OutputStream input = seed.getOutputStream()) {
      input.write(documents);
    }
    assertEquals(0, seed.waitFor(), Files.readString(directory.resolve("seed")));
    assertEquals(
        "1200",
        service
            .database()
            .query(
                "select count(*) from product_media p join kept k using (product_id)"
                    + " where p.media::text = k.media::text"));
  }

  private Process export(String... arguments) throws IOException {
    return builder("export", arguments).redirectError(directory.resolve("errors").toFile()).start();
  }

  private ProcessBuilder builder(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add(name);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("CANVAS_"));
    builder.environment().put("CANVAS_POSTGRES_URI", service.database().uri());
    builder.environment().put("CANVAS_REDIS_URI", TestServers.shared().redisUri());
    return builder;
  }

  @Test
  void exportReportsWhatIsWrong() {
    String unreachable =
        CanvasProcess.run(
            1, Map.of("CANVAS_POSTGRES_URI", "postgresql://canvas@127.0.0.1:1/canvas"), "export");
    assertTrue(unreachable.contains("CANVAS_POSTGRES_URI"), unreachable);
  }

  /** The stores of the service. */
  private Map<String, String> stores() {
    return Map.of(
        "CANVAS_POSTGRES_URI",
        service.database().uri(),
        "CANVAS_REDIS_URI",
        TestServers.shared().redisUri());
  }
}
