package dev.canvas.seed.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.MediaRules;
import dev.canvas.media.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading products from files. */
class SourceTest {

  private static final String ITEM = "{\"type\":\"image\",\"url\":\"https://a.example/%d.jpg\"}";

  @TempDir private Path directory;

  private final List<ProductSource.InvalidRecord> rejects = new ArrayList<>();
  private final List<ProductSource.InvalidRecord> leftOut = new ArrayList<>();
  private final Map<Long, String> products = new TreeMap<>();
  private final Map<Integer, List<Long>> chunks = new HashMap<>();
  private boolean keepGood;

  @Test
  void ndjsonIsReadPlainAndCompressed() throws Exception {
    String lines = documents(300);
    for (Path file : List.of(plain("a.ndjson", lines), gzip("a.ndjson.gz", lines))) {
      products.clear();
      drain(file, 2, 64, chunk -> false);
      assertEquals(300, products.size());
      assertEquals(
          "[{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/7.jpg\"}]", products.get(7L));
      assertEquals(List.of(), rejects);
    }
  }

  @Test
  void invalidLinesAreReportedWithNumberAndReasonAndTheOthersAreLoaded() throws Exception {
    String lines =
        "\n"
            + documents(2)
            + "{\"product_id\":9,\"media\":[{\"type\":\"image\",\"url\":\"javascript:alert(1)\"}]}\r\n"
            + "{\"product_id\":-1,\"media\":[]}\n"
            + "{\"product_id\":5,\n"
            + "{\"product_id\":6,\"media\":[{\"id\":5,\"type\":\"image\",\"url\":\"/a\"},{\"id\":5,\"type\":\"image\",\"url\":\"/b\"}]}\n"
            + "{\"product_id\":8,\"media\":[],\"x\":\""
            + "y".repeat(300_000)
            + "\"}\n"
            + "{\"product_id\":7,\"version\":3,\"media\":[{\"type\":\"image\",\"url\":\"/a\"},{\"id\":1,\"type\":\"image\",\"url\":\"/b\"}]}";
    drain(plain("b.ndjson", "{\"product_id\":3,\"media\":[]}" + lines), 1, 64, chunk -> false);
    assertEquals(
        "{1=…, 2=…, 3=[],"
            + " 7=[{\"id\":2,\"type\":\"image\",\"url\":\"/a\"},{\"id\":1,\"type\":\"image\",\"url\":\"/b\"}]}",
        products.toString().replaceAll("(?<=[12]=)\\[[^\\]]*jpg\"}\\]", "…"));
    assertEquals(
        List.of(4L, 5L, 6L, 7L, 8L),
        rejects.stream().map(ProductSource.InvalidRecord::line).toList(),
        rejects::toString);
    assertTrue(rejects.get(0).reason().contains("/media/0/url"), rejects.get(0).reason());
    assertTrue(rejects.get(4).reason().startsWith("longer than"), rejects.get(4).reason());
  }

  @Test
  void csvMayHaveTheColumnsOfTheFirstServiceInAnyOrderAndQuoted() throws Exception {
    drain(
        plain(
            "c.csv",
            """
            \ufeffid,vid1,shoe_id,img2,img1,updated_at
            1,/v.webm,42,"/b,2.jpg",/a.jpg,"x
            y"
            2,,43,,,
            3,,4x,,/c.jpg,
            4,,44
            """),
        2,
        64,
        chunk -> false);
    assertEquals(
        "[{\"id\":1,\"type\":\"image\",\"url\":\"/a.jpg\"},{\"id\":2,\"type\":\"image\",\"url\":\"/b,2.jpg\"},"
            + "{\"id\":3,\"type\":\"video\",\"url\":\"/v.webm\"}]",
        products.get(42L));
    assertEquals("[]", products.get(43L));
    assertEquals(
        List.of(5L, 6L),
        rejects.stream().map(ProductSource.InvalidRecord::line).toList(),
        rejects::toString);
  }

  @Test
  void csvMayHaveAnItemArray() throws Exception {
    drain(
        plain(
            "d.csv",
            "product_id,media\n1,\"[{\"\"type\"\":\"\"image\"\",\"\"url\"\":\"\"/ä\"\"}]\"\n"),
        1,
        64,
        chunk -> false);
    assertEquals("[{\"id\":1,\"type\":\"image\",\"url\":\"/ä\"}]", products.get(1L));
  }

  @Test
  void anUnusableHeaderOrFileIsRefusedWithTheReason() throws Exception {
    Path wrong = plain("e.csv", "a,b\n1,2\n");
    ProblemException header =
        assertThrows(ProblemException.class, () -> drain(wrong, 1, 64, chunk -> false));
    assertTrue(header.getMessage().contains("'a, b'"), header.getMessage());
    assertTrue(refusal(directory.resolve("none")).contains("none does not exist"));
    assertTrue(refusal(directory).contains("is a directory"));
    assertTrue(refusal(plain("empty", " \n")).contains("is empty"));
    assertTrue(refusal(plain("array.json", "[{\"product_id\":1}]")).contains("jq -c .[]"));
    String binary = refusal(plain("noise", "\u001b[2J\u0007" + "x".repeat(5_000)));
    assertFalse(binary.contains("\u001b"), binary);
    assertTrue(binary.length() < 500, binary);
  }

  @Test
  void whiteSpaceBeforeTheFirstDocumentIsNotTakenForCsv() throws Exception {
    drain(plain("h.ndjson", "\n\r\n  {\"product_id\":3,\"media\":[]}\n"), 1, 64, chunk -> false);
    assertEquals(Map.of(3L, "[]"), products);
  }

  @Test
  void anInvalidRowIsReportedVerbatim() throws Exception {
    drain(plain("i.csv", "shoe_id,img1,img2\nx,/a.jpg,\n"), 1, 64, chunk -> false);
    assertEquals("x,/a.jpg,", rejects.get(0).text());
  }

  @Test
  void aPipeIsReadToItsEndHoweverSlowlyItIsFilled() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    byte[] first = Files.readAllBytes(gzip("1.gz", documents(100)));
    byte[] second = Files.readAllBytes(gzip("2.gz", "{\"product_id\":101,\"media\":[]}"));
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream out = Files.newOutputStream(pipe)) {
                // One byte at a time: the reader often finds none, also between the members.
                for (byte[] member : List.of(first, second)) {
                  for (byte each : member) {
                    out.write(each);
                  }
                }
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            });
    writer.start();
    drain(pipe, 1, 64, chunk -> false);
    writer.join();
    assertEquals(101, products.size());
  }

  @Test
  void productsAreLoadedWithoutTheirInvalidItemsIfWanted() throws Exception {
    keepGood = true;
    drain(
        plain("k.csv", "shoe_id,img1,img2,vid1\n1,/1.jpg,javascript:x,/1.webm\n2,//x,,\nx,,,\n"),
        1,
        64,
        chunk -> false);
    drain(
        plain(
            "k.ndjson",
            """
            {"product_id":3,"media":[{"type":"image","url":"/3.jpg"},{"type":"gif"},7]}
            {"product_id":4,"media":[],"colour":1}
            """),
        1,
        64,
        chunk -> false);
    assertEquals(
        "[{\"id\":1,\"type\":\"image\",\"url\":\"/1.jpg\"},{\"id\":2,\"type\":\"video\",\"url\":\"/1.webm\"}]",
        products.get(1L));
    assertEquals("[]", products.get(2L));
    assertEquals("[{\"id\":1,\"type\":\"image\",\"url\":\"/3.jpg\"}]", products.get(3L));
    assertEquals(3, products.size());
    assertEquals(2, rejects.size(), rejects::toString);
    assertEquals(
        List.of(2L, 3L, 1L),
        leftOut.stream().map(ProductSource.InvalidRecord::line).toList(),
        leftOut::toString);
    assertTrue(leftOut.get(0).reason().contains("'/img2': expected https"), leftOut::toString);
    assertTrue(leftOut.get(2).reason().contains("and 2 more"), leftOut::toString);
  }

  @Test
  void aTruncatedArchiveFails() throws Exception {
    Path whole = gzip("f.gz", documents(50_000));
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
    ProblemException cutOff =
        assertThrows(ProblemException.class, () -> drain(whole, 2, 64, chunk -> false));
    assertTrue(cutOff.getMessage().contains("cannot be read to its end"), cutOff.getMessage());
  }

  @Test
  void anExportIsLoadedOnlyAsAWhole() throws Exception {
    String first = "{\"canvas_export\":1}\n";
    String last = "{\"canvas_export_end\":1,\"products\":%d}\n";
    drain(plain("j.ndjson", first + documents(200) + last.formatted(200)), 2, 64, chunk -> false);
    assertEquals(200, products.size());
    assertEquals(List.of(), rejects);
    // The rest of an interrupted export follows its beginning.
    drain(
        plain("k.ndjson", first + documents(3) + first + documents(9) + last.formatted(9)),
        1,
        64,
        chunk -> false);
    assertTrue(
        refusal(plain("l.ndjson", first + documents(200)))
            .contains("cut short: it has 200 products"));
    assertTrue(
        refusal(plain("m.ndjson", first + documents(200) + last.formatted(201)))
            .contains("counts 201 products, but it has 200"));
  }

  @Test
  void aSecondReadYieldsTheSameChunksExceptThoseDone() throws Exception {
    Path file = plain("g.ndjson", documents(1_000));
    drain(file, 2, 128, chunk -> false);
    Map<Integer, List<Long>> all = new HashMap<>(chunks);
    assertEquals(8, all.size());
    assertEquals(1_000, all.values().stream().mapToInt(List::size).sum());
    chunks.clear();
    drain(file, 2, 128, chunk -> chunk % 3 == 0);
    all.keySet().removeIf(chunk -> chunk % 3 == 0);
    assertEquals(all, chunks);
  }

  private String refusal(Path file) {
    return assertThrows(ProblemException.class, () -> drain(file, 1, 64, chunk -> false))
        .getMessage();
  }

  private static String documents(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(id -> "{\"product_id\":" + id + ",\"media\":[" + ITEM.formatted(id) + "]}\n")
        .collect(Collectors.joining());
  }

  private void drain(Path file, int streams, int batch, IntPredicate done) throws Exception {
    ProductParser parser = new ProductParser(new MediaRules(false), keepGood);
    try (ProductSource source =
        new SingleReaderSource(SourceFile.open(file.toString(), parser), streams, batch, done)) {
      List<Thread> threads = new ArrayList<>();
      List<Exception> failures = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        int stream = i;
        threads.add(
            new Thread(
                () -> {
                  try {
                    drain(source, stream);
                  } catch (Exception failure) {
                    synchronized (failures) {
                      failures.add(failure);
                    }
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
    }
  }

  private void drain(ProductSource source, int stream) throws Exception {
    for (ProductSource.Chunk chunk = source.next(stream);
        chunk != null;
        chunk = source.next(stream)) {
      List<Long> ids = new ArrayList<>();
      chunk.drainTo(
          new ProductSource.Receiver() {
            @Override
            public void product(
                long position, long productId, byte[] items, int length, long highestItemId) {
              synchronized (products) {
                products.put(productId, new String(items, 0, length, StandardCharsets.UTF_8));
              }
              ids.add(productId);
            }

            @Override
            public void leftOut(ProductSource.InvalidRecord part) {
              synchronized (rejects) {
                leftOut.add(part);
              }
            }

            @Override
            public void reject(ProductSource.InvalidRecord reject) {
              synchronized (rejects) {
                rejects.add(reject);
              }
            }
          });
      synchronized (chunks) {
        chunks.put(chunk.number(), ids);
      }
    }
  }

  private Path plain(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private Path gzip(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
