package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Sends every input of the {@link Corpus} through every door that it fits. */
class CorpusIT {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String PICTURE = "[{\"type\":\"image\",\"url\":\"";

  @TempDir private static Path directory;

  private static RunningService service;
  private static CorpusDoors doors;
  private static long lastId;

  @BeforeAll
  static void start() {
    service = new RunningService();
    doors = new CorpusDoors(service, directory);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** Item arrays. */
  @TestFactory
  Stream<DynamicTest> items() throws Exception {
    return everyDoor("items.tsv", false);
  }

  /** Addresses of files. */
  @TestFactory
  Stream<DynamicTest> urls() throws Exception {
    List<DynamicTest> tests = new ArrayList<>(everyDoor("urls.tsv", true).toList());
    for (Corpus.Row row : Corpus.rows("urls.tsv")) {
      long byJson = ++lastId;
      tests.add(
          test(
              row,
              "images, JSON",
              () ->
                  checkUrl(
                      row,
                      byJson,
                      doors.images(
                          "application/json",
                          join(
                              "{\"shoe_id\":" + byJson + ",\"img1\":\"",
                              escaped(row.bytes(byJson)),
                              "\"}")))));
      long byForm = ++lastId;
      tests.add(
          test(
              row,
              "images, form",
              () ->
                  checkUrl(
                      row,
                      byForm,
                      doors.images(
                          FORM,
                          join("shoe_id=" + byForm + "&img1=", percent(row.bytes(byForm)), "")))));
      long byCsv = ++lastId;
      tests.add(
          test(
              row,
              "seed, CSV",
              () -> {
                CorpusDoors.Load load =
                    doors.seed(
                        byCsv + ".csv",
                        join("shoe_id,img1\n" + byCsv + ",\"", row.bytes(byCsv), "\"\n"));
                if (row.isTaken()) {
                  assertEquals(row.stored(), doors.urls(byCsv), load::toString);
                } else {
                  assertTrue(load.rejects().contains(row.told()), load::toString);
                }
              }));
    }
    return tests.stream();
  }

  /** Whole bodies of a PUT. */
  @TestFactory
  Stream<DynamicTest> bodies() {
    return Corpus.rows("bodies.tsv").stream()
        .map(
            row -> {
              long id = ++lastId;
              return test(row, "PUT", () -> check(row, id, doors.put(id, row.bytes(id))));
            });
  }

  /** Forms of the first service. */
  @TestFactory
  Stream<DynamicTest> forms() {
    return Corpus.rows("forms.tsv").stream()
        .map(
            row -> {
              long id = ++lastId;
              return test(row, "POST", () -> checkUrl(row, id, doors.images(FORM, row.bytes(id))));
            });
  }

  /** Several lines; {@code ID} is the first of ten products. */
  @TestFactory
  Stream<DynamicTest> lines() {
    return Stream.of("lines.tsv", "bulk.tsv")
        .flatMap(file -> Corpus.rows(file).stream())
        .flatMap(
            row -> {
              long id = lastId + 1;
              lastId += 2;
              DynamicTest bulk =
                  test(row, "bulk", () -> checkResults(row, doors.bulkLines(row.bytes(id))));
              DynamicTest seed =
                  test(
                      row,
                      "seed",
                      () -> checkLoad(row, doors.seed(id + ".ndjson", row.bytes(id + 1))));
              return row.name().startsWith("bulk") ? Stream.of(bulk) : Stream.of(bulk, seed);
            });
  }

  /** Files for a load. */
  @TestFactory
  Stream<DynamicTest> files() {
    return Corpus.rows("files.tsv").stream()
        .map(
            row -> {
              long id = ++lastId;
              return test(
                  row,
                  "seed",
                  () -> {
                    CorpusDoors.Load load = doors.seed(id + ".file", row.bytes(id));
                    checkLoad(row, load);
                    for (String part : row.expected().split(" \\| ", -1)) {
                      if (part.startsWith("ID=")) {
                        assertEquals(part.substring(3), doors.urls(id), load::toString);
                      }
                    }
                  });
            });
  }

  /** Request lines and header fields, for a product that exists. */
  @TestFactory
  Stream<DynamicTest> heads() {
    return Corpus.rows("heads.tsv").stream()
        .map(
            row -> {
              long id = ++lastId;
              return test(
                  row,
                  "HTTP",
                  () -> {
                    doors.put(id, bytes("{\"media\":" + PICTURE + "/0.jpg\"}]}"));
                    String head =
                        new String(row.bytes(id), StandardCharsets.ISO_8859_1)
                            .replace("VERSION", doors.version(id));
                    boolean hasBody = head.startsWith("P");
                    CorpusDoors.Answer answer =
                        doors.raw(
                            head.getBytes(StandardCharsets.ISO_8859_1),
                            bytes(hasBody ? "{\"media\":[]}" : ""));
                    assertEquals(row.status(), answer.status(), answer::text);
                    assertTrue(answer.text().contains(row.told()), answer::text);
                  });
            });
  }

  private static Stream<DynamicTest> everyDoor(String file, boolean isUrl) throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    List<Long> loaded = new ArrayList<>();
    List<Corpus.Row> rows = Corpus.rows(file);
    for (Corpus.Row row : rows) {
      byte[] items = isUrl ? join(PICTURE, escaped(row.bytes(0)), "\"}]") : row.bytes(0);
      long put = ++lastId;
      tests.add(
          test(
              row,
              "PUT",
              () -> checkItems(row, put, doors.put(put, join("{\"media\":", items, "}")))));
      long bulk = ++lastId;
      tests.add(test(row, "bulk", () -> checkItems(row, bulk, doors.bulk(line(bulk, items)))));
      boolean byBus = !row.name().endsWith("not by the bus");
      if (byBus && (row.isTaken() || row.status() != 400)) {
        long bus = ++lastId;
        JsonObject message = new JsonObject(Buffer.buffer(line(bus, items)));
        tests.add(test(row, "bus", () -> checkItems(row, bus, doors.bus(message))));
      }
      loaded.add(++lastId);
      lines.writeBytes(line(lastId, items));
      lines.write('\n');
    }
    CorpusDoors.Load load = doors.seed(file + ".ndjson", lines.toByteArray());
    for (int i = 0; i < rows.size(); i++) {
      Corpus.Row row = rows.get(i);
      int line = i + 1;
      tests.add(
          test(
              row,
              "seed",
              () -> {
                if (row.isTaken()) {
                  checkItems(row, loaded.get(line - 1), new CorpusDoors.Answer(200, load.told()));
                } else {
                  assertTold("line " + line, row.told(), load);
                }
              }));
    }
    return tests.stream();
  }

  private static void checkItems(Corpus.Row row, long id, CorpusDoors.Answer answer) {
    boolean isUrl = row.name().startsWith("urls");
    if (row.isTaken() && !isUrl) {
      assertEquals(2, answer.status() / 100, answer::text);
      assertEquals(new JsonArray(row.stored()), doors.items(id));
    } else if (row.isTaken()) {
      checkUrl(row, id, answer);
    } else {
      check(row, id, answer);
    }
  }

  private static void checkUrl(Corpus.Row row, long id, CorpusDoors.Answer answer) {
    check(row, id, answer);
    if (row.isTaken()) {
      assertEquals(row.stored(), doors.urls(id));
    }
  }

  private static void check(Corpus.Row row, long id, CorpusDoors.Answer answer) {
    if (row.isTaken()) {
      assertEquals(2, answer.status() / 100, () -> id + ": " + answer.text());
    } else {
      assertEquals(row.status(), answer.status(), answer::text);
      assertTrue(answer.text().contains(row.told()), answer::text);
    }
  }

  /** Expected are {@code 1=ok | 2=what is told}, for all lines that are not blank. */
  private static void checkResults(Corpus.Row row, List<JsonObject> results) {
    String[] expected = row.expected().split(" \\| ", -1);
    assertEquals(expected.length, results.size(), results::toString);
    for (int i = 0; i < expected.length; i++) {
      String[] part = expected[i].split("=", 2);
      JsonObject result = results.get(i);
      assertEquals(part[0], result.getValue("line").toString(), results::toString);
      boolean taken = result.getInteger("status") / 100 == 2;
      assertTrue(
          part[1].equals("ok") ? taken : result.encode().contains(part[1]), results::toString);
    }
  }

  private static void checkLoad(Corpus.Row row, CorpusDoors.Load load) {
    int taken = 0;
    for (String expected : row.expected().split(" \\| ", -1)) {
      String[] part = expected.split("=", 2);
      if (part[0].equals("stop")) {
        assertTrue(load.told().contains(part[1]), load::toString);
        return;
      } else if (part[0].equals("ID") || part[1].equals("ok")) {
        taken++;
      } else {
        assertTold("line " + part[0], part[1], load);
      }
    }
    assertEquals(taken, load.loaded(), load::toString);
  }

  private static void assertTold(String line, String told, CorpusDoors.Load load) {
    assertTrue(
        load.rejects()
            .lines()
            .anyMatch(each -> each.startsWith(line + ": ") && each.contains(told)),
        () -> line + " is not told '" + told + "': " + load);
  }

  private static DynamicTest test(Corpus.Row row, String door, Executable check) {
    return dynamicTest(row.name() + " (" + door + ")", check);
  }

  private static byte[] line(long id, byte[] items) {
    return join("{\"product_id\":" + id + ",\"media\":", items, "}");
  }

  private static byte[] join(String before, byte[] bytes, String after) {
    return Buffer.buffer(before).appendBytes(bytes).appendString(after).getBytes();
  }

  /** Bytes within a JSON string. */
  private static byte[] escaped(byte[] bytes) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    for (byte each : bytes) {
      if (each == '"' || each == '\\') {
        escaped.write('\\');
      }
      escaped.writeBytes(
          each >= 0 && each < ' ' ? bytes("\\u%04x".formatted(each)) : new byte[] {each});
    }
    return escaped.toByteArray();
  }

  private static byte[] percent(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append("%%%02x".formatted(each));
    }
    return bytes(text.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
