package dev.canvas.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Texts whose bytes are not UTF-8, which lenient decoders take for others. */
public final class NotUtf8 {

  /**
   * An overlong slash and an overlong letter, a surrogate, a single byte of Latin-1, a cut-off one.
   */
  private static final List<byte[]> SEQUENCES =
      List.of(
          bytes(0xc0, 0xaf),
          bytes(0xe0, 0x81, 0x81),
          bytes(0xed, 0xa0, 0x80),
          bytes(0xe4),
          bytes(0xf0, 0x9f, 0x98));

  private NotUtf8() {}

  /** A text with each of the sequences before a mark, which is ASCII and occurs once. */
  public static List<byte[]> each(String text, String mark) {
    int at = text.indexOf(mark);
    return SEQUENCES.stream().map(sequence -> insert(text, at, sequence)).toList();
  }

  /** A text of ASCII with some of its bytes replaced, so that it is not UTF-8. */
  public static byte[] random(String text, Random random) {
    byte[] bytes;
    do {
      bytes = text.getBytes(StandardCharsets.US_ASCII);
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x80));
      }
    } while (isUtf8(bytes));
    return bytes;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException not) {
      return false;
    }
  }

  private static byte[] insert(String text, int at, byte[] sequence) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(text.substring(0, at).getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(sequence);
    bytes.writeBytes(text.substring(at).getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
