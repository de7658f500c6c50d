package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands for the media of single products, with a running service. */
class MediaCommandIT {

  private static final String ITEM = "{\"type\":\"image\",\"url\":\"/left.webp\",\"alt\":\"Left\"}";

  private static RunningService service;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    service = new RunningService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** An exit code, and all that was printed. */
  private record Outcome(int code, String output) {}

  @Test
  void aProductIsPutPrintedListedAndRemoved() throws IOException {
    Outcome created = run("put", "11", document(ITEM), "--if-version", "0");
    assertEquals(0, created.code(), created::output);
    assertTrue(created.output().endsWith(", with 1 item\n"), created::output);

    Outcome printed = run("get", "11");
    JsonObject document = new JsonObject(printed.output());
    assertEquals(11, document.getLong("product_id"));
    Path file = Files.writeString(directory.resolve("again.json"), printed.output());
    // What is printed can be put as it is, and changes nothing.
    assertEquals(created, run("put", "11", file.toString()));

    String line = listed("--after", "10", "--limit", "1").output();
    assertTrue(
        line.matches("11 +" + document.getLong("version") + " +1 /left\\.webp\n"), () -> line);

    Outcome overtaken = run("rm", "11", "--if-version", "1");
    assertEquals(1, overtaken.code(), overtaken::output);
    assertEquals(new Outcome(0, "product 11 has no media now\n"), run("rm", "11"));
    assertEquals(new Outcome(1, "canvas: Product 11 has no media\n"), run("get", "11"));
  }

  @Test
  void aDocumentIsEditedUnlessSomebodyElseHasStoredAnother() throws IOException {
    run("put", "12", document(ITEM));
    assertEquals(new Outcome(0, "nothing was changed\n"), run("edit", "12", "--editor", "true"));

    Outcome edited = run("edit", "12", "--editor", "sed -i s/Left/Right/");
    assertEquals(0, edited.code(), edited::output);
    assertTrue(run("get", "12").output().contains("\"Right\""));

    String other =
        "curl -sf -o /dev/null -X PUT -H Content-Type:application/json -d '{\"media\":[]}' %s;"
            .formatted(address() + "/api/products/12/media");
    Outcome refused = run("edit", "12", "--editor", other + " sed -i s/Right/Top/");
    assertEquals(1, refused.code(), refused::output);
    String kept =
        refused.output().replaceFirst("(?s).*What you have written is in (\\S+)\\s*", "$1");
    assertTrue(Files.readString(Path.of(kept)).contains("\"Top\""), refused::output);
    Files.delete(Path.of(kept));
    assertEquals(
        0,
        new JsonObject(service.get("/api/products/12/media").body()).getJsonArray("media").size());
  }

  @Test
  void aKeyFileWithMoreThanTheKeyIsRefusedAndNotShown() throws IOException {
    String key = "dGhlIGtleSBpdHNlbGY";
    Path file = Files.writeString(directory.resolve("key"), "The key:\n  " + key + "\n");
    Outcome refused = run("rm", "14", "--key-file", file.toString());
    assertEquals(1, refused.code(), refused::output);
    assertEquals(
        "canvas: "
            + file
            + " does not hold a key alone: expected one line with the key or the token, without"
            + " spaces\n",
        refused.output());
  }

  @Test
  void whatIsNoUtf8IsNotStored() throws IOException {
    byte[] bytes = ("{\"media\":[" + ITEM + "]}").getBytes(StandardCharsets.ISO_8859_1);
    bytes[bytes.length - 6] = (byte) 0xFF; // in the alternative text
    Path file = Files.write(directory.resolve("latin.json"), bytes);
    assertEquals(
        new Outcome(1, "canvas: " + file + " is not UTF-8\n"), run("put", "15", file.toString()));
    assertEquals(404, service.get("/api/products/15/media").statusCode());
  }

  @Test
  void allFaultsOfADocumentAreTold() throws IOException {
    String faulty = "{\"type\":\"image\",\"url\":\"http\"},{\"type\":\"film\",\"url\":\"/a.webp\"}";
    Outcome refused = run("put", "13", document(faulty));
    assertEquals(1, refused.code(), refused::output);
    for (String pointer : List.of("/media/0/url", "/media/1/type")) {
      assertTrue(refused.output().contains(pointer), refused::output);
    }
  }

  /** Standard output has the products alone. */
  @Test
  void aListThatIsCutOffSaysHowToGoOn() throws IOException {
    for (int id = 21; id <= 23; id++) {
      run("put", Integer.toString(id), document(ITEM));
    }
    StringWriter told = new StringWriter();
    Outcome cutOff = listed(told, "--after", "20", "--limit", "2");
    assertEquals(2, cutOff.output().lines().count(), cutOff::output);
    assertEquals(
        "canvas: there are more products: --after 22 lists the next, --limit N more at once\n",
        told.toString());

    StringWriter nothing = new StringWriter();
    Outcome whole = listed(nothing, "--after", "22", "--limit", "1");
    assertTrue(whole.output().startsWith("23 "), whole::output);
    assertEquals("", nothing.toString());
  }

  private String document(String items) throws IOException {
    Path file = directory.resolve("document.json");
    return Files.writeString(file, "{\"media\":[" + items + "]}").toString();
  }

  private static String address() {
    return "http://127.0.0.1:" + service.httpPort();
  }

  private static Outcome listed(String... options) {
    return listed(new StringWriter(), options);
  }

  /** Lists products; the outcome has what was printed to standard output. */
  private static Outcome listed(StringWriter told, String... options) {
    String[] arguments = Stream.concat(Stream.of("ls"), Stream.of(options)).toArray(String[]::new);
    return run(new StringWriter(), told, arguments);
  }

  private static Outcome run(String... arguments) {
    StringWriter printed = new StringWriter();
    return run(printed, printed, arguments);
  }

  private static Outcome run(StringWriter printed, StringWriter told, String... arguments) {
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(told));
    Stream<String> where = Stream.of("--url", address());
    int code =
        commandLine.execute(
            Stream.of(Stream.of("media"), Stream.of(arguments), where)
                .flatMap(part -> part)
                .toArray(String[]::new));
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return new Outcome(code, printed.toString());
  }
}
