package dev.canvas.media;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the bytes of clients, strictly: what is not UTF-8 (RFC 3629) is refused and never
 * replaced. That includes overlong forms, surrogates and CESU-8, which lenient parsers take for
 * other characters. Every reader of bodies, queries and files decodes here. Thread-safe.
 */
public final class Utf8 {

  /** What Windows programs put before a text; it is not part of the text. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private static final int DECODED_AT_ONCE = 1_024;

  private Utf8() {}

  /** The number of bytes of the byte order mark that a text begins with: 3, or 0 without one. */
  public static int markLength(byte[] text) {
    boolean marked = text.length >= BYTE_ORDER_MARK.length;
    for (int i = 0; marked && i < BYTE_ORDER_MARK.length; i++) {
      marked = text[i] == BYTE_ORDER_MARK[i];
    }
    return marked ? BYTE_ORDER_MARK.length : 0;
  }

  /**
   * Decodes a text.
   *
   * @param what names the text in the message, such as {@code "The field 'img1'"}
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} with the position of the first wrong
   *     byte
   */
  public static String decode(byte[] bytes, String what) {
    check(bytes, what);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Checks a text that a parser is going to decode.
   *
   * @throws ProblemException as {@link #decode} does
   */
  static void check(byte[] bytes, String what) {
    int wrong = indexOfInvalid(bytes);
    if (wrong >= 0) {
      throw Problem.MALFORMED_REQUEST.because(
          "%s is not UTF-8: byte %d is 0x%02X; send it in UTF-8", what, wrong + 1, bytes[wrong]);
    }
  }

  /** The index of the first byte that is not part of a UTF-8 character; -1 if there is none. */
  private static int indexOfInvalid(byte[] bytes) {
    int ascii = 0;
    while (ascii < bytes.length && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == bytes.length) {
      return -1;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, ascii, bytes.length - ascii);
    CharBuffer out = CharBuffer.allocate(DECODED_AT_ONCE);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
    } while (result.isOverflow());
    return result.isError() ? in.position() : -1;
  }
}
