package dev.canvas.http.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NdjsonLinesTest {

  private static final String MOST = "x".repeat(NdjsonLines.MAX_LINE);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1_000})
  void linesAreFoundHoweverTheBodyIsSplit(int cut) {
    assertEquals(List.of("1:a", "2:bä", "4:c", "7:d"), lines("\ufeffa\r\nbä\n\nc\n\r\n \nd", cut));
  }

  @Test
  void lastLineNeedsNoLineBreak() {
    assertEquals(List.of("1:a"), lines("a", 1));
    assertEquals(List.of("1:a"), lines("a\n", 1));
    assertEquals(List.of(), lines("", 1));
    assertEquals(List.of(), lines("\n\n", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 65_536, 1_000_000})
  void lineOverTheLimitIsTooLong(int cut) {
    assertEquals(
        List.of("1:" + MOST, "2:too long", "3:" + MOST, "4:too long", "5:a"),
        lines(MOST + "\n" + MOST + "x\n" + MOST + "\r\n" + MOST + MOST + MOST + "\na", cut));
  }

  @Test
  void byteOrderMarkCountsOnlyAtTheBeginning() {
    assertEquals(List.of("1:a", "2:\ufeffb"), lines("a\n\ufeffb", 2));
  }

  @Test
  void incompleteLineWaits() {
    NdjsonLines lines = new NdjsonLines();
    lines.add(Buffer.buffer("a"));
    assertNull(lines.next());
    lines.add(Buffer.buffer("b\nc"));
    assertEquals("ab", lines.next().text().toString());
    assertNull(lines.next());
    lines.end();
    assertEquals("c", lines.next().text().toString());
    assertNull(lines.next());
  }

  private static List<String> lines(String body, int cut) {
    NdjsonLines lines = new NdjsonLines();
    List<String> found = new ArrayList<>();
    byte[] bytes = Buffer.buffer(body).getBytes();
    for (int from = 0; from < bytes.length; from += cut) {
      lines.add(Buffer.buffer(bytes).slice(from, Math.min(bytes.length, from + cut)));
      drain(lines, found);
    }
    lines.end();
    drain(lines, found);
    return found;
  }

  private static void drain(NdjsonLines lines, List<String> found) {
    for (NdjsonLines.Line line = lines.next(); line != null; line = lines.next()) {
      found.add(line.number() + ":" + (line.isTooLong() ? "too long" : line.text().toString()));
    }
  }
}
