package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The state of a key in Redis. Its form there: a letter, then for a value or an absence the version
 * in {@value #VERSION_DIGITS} digits, then the value's document; for a lease its token. All are
 * strings, as MGET answers nil for any other type.
 */
public sealed interface Entry {

  /** The digits of a version: enough for 2^53 - 1, fixed so that the document's place is known. */
  int VERSION_DIGITS = 16;

  /** Where the document begins. */
  int HEADER_LENGTH = 1 + VERSION_DIGITS;

  /** Nothing is known. */
  record Missing() implements Entry {
    static final Missing INSTANCE = new Missing();
  }

  /** The product as the store had it. */
  record Known(Row row) implements Entry {}

  /** Somebody reads the store for this key and may fill it. */
  record Lease(String token) implements Entry {}

  /** A write is under way: the store has to be asked, and nothing may be filled. */
  record Fence() implements Entry {
    public static final Fence INSTANCE = new Fence();
  }

  /** Reads a key's value; null is a key that is not there. */
  static Entry parse(ProductId productId, Buffer value) {
    if (value == null) {
      return Missing.INSTANCE;
    }
    // What we did not write is treated like a fence: the store is asked, nothing is filled.
    return switch (value.length() < 1 ? 0 : value.getByte(0)) {
      case 'V' -> {
        if (value.length() <= HEADER_LENGTH) {
          yield Fence.INSTANCE;
        }
        Buffer document = value.slice(HEADER_LENGTH, value.length());
        long version = version(value);
        yield new Known(
            new Row(
                productId, version, Optional.of(new ProductMedia(productId, version, document))));
      }
      case 'A' ->
          value.length() == HEADER_LENGTH
              ? new Known(new Row(productId, version(value), Optional.empty()))
              : Fence.INSTANCE;
      case 'L' -> new Lease(value.getString(1, value.length()));
      default -> Fence.INSTANCE;
    };
  }

  /** The form of a row in Redis. */
  static Buffer format(Row row) {
    byte[] header = new byte[HEADER_LENGTH];
    header[0] = (byte) (row.media().isPresent() ? 'V' : 'A');
    long rest = row.version();
    for (int i = VERSION_DIGITS; i > 0; i--) {
      header[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    int length = row.media().map(media -> media.document().length()).orElse(0);
    Buffer value = Buffer.buffer(HEADER_LENGTH + length).appendBytes(header);
    row.media().ifPresent(media -> value.appendBuffer(media.document()));
    return value;
  }

  private static long version(Buffer value) {
    long version = 0;
    for (int i = 1; i < HEADER_LENGTH; i++) {
      version = version * 10 + (value.getByte(i) - '0');
    }
    return version;
  }
}
