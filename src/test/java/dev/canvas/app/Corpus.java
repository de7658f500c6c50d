package dev.canvas.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Inputs that were seen in the wild or that attack, from {@code src/test/resources/corpus}. Each
 * row of a file has an input, the expected answer, and a remark, separated by tabs. In an input,
 * {@code <C3 A9>} stands for these bytes, {@code <x*9>} for nine x, and {@code gz((…))} for a gzip
 * member with that content; {@code ID} is the number of a product of its own.
 */
final class Corpus {

  private static final Pattern MACRO =
      Pattern.compile("<((?:[0-9A-F]{2} ?)+)>|<(.)\\*(\\d+)>|gz\\(\\((.*?)\\)\\)|\\bID\\b");

  private Corpus() {}

  /**
   * An input and what is expected of it. Immutable.
   *
   * @param name the file and the line
   */
  record Row(String name, String input, String expected) {

    /** The bytes of the input. */
    byte[] bytes(long id) {
      return Corpus.bytes(input, id);
    }

    /** Whether the input is taken; otherwise {@link #expected} says how it is refused. */
    boolean isTaken() {
      return expected.startsWith("ok");
    }

    /** What is stored of an input that is taken. */
    String stored() {
      return expected.substring("ok".length()).strip();
    }

    /** The status of an input that is refused. */
    int status() {
      return Integer.parseInt(expected.substring(0, 3));
    }

    /** A part of what a caller is told of an input that is refused. */
    String told() {
      return expected.substring(3).strip();
    }
  }

  static List<Row> rows(String file) {
    try (InputStream in = Corpus.class.getResourceAsStream("/corpus/" + file)) {
      List<Row> rows = new ArrayList<>();
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
          String[] columns = lines.get(i).split("\t", -1);
          if (columns.length != 3) {
            throw new IllegalStateException(file + ":" + (i + 1) + " has not three columns");
          }
          rows.add(new Row(file + ":" + (i + 1) + " " + columns[2], columns[0], columns[1]));
        }
      }
      return rows;
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  private static byte[] bytes(String input, long id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher macro = MACRO.matcher(input);
    int end = 0;
    while (macro.find()) {
      bytes.writeBytes(input.substring(end, macro.start()).getBytes(StandardCharsets.UTF_8));
      end = macro.end();
      if (macro.group(1) != null) {
        bytes.writeBytes(HexFormat.of().parseHex(macro.group(1).replace(" ", "")));
      } else if (macro.group(2) != null) {
        bytes.writeBytes(
            macro
                .group(2)
                .repeat(Integer.parseInt(macro.group(3)))
                .getBytes(StandardCharsets.UTF_8));
      } else {
        bytes.writeBytes(
            macro.group(4) != null
                ? gzip(bytes(macro.group(4), id))
                : Long.toString(id).getBytes(StandardCharsets.US_ASCII));
      }
    }
    bytes.writeBytes(input.substring(end).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
