package dev.canvas.data.cache;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The state of a key in Redis. It is stored as a string, because MGET returns nil for any other
 * type: a letter, followed by the version in {@value #VERSION_DIGITS} digits (for a value or an
 * absence), then by the value's document; or by the token of a lease.
 */
public sealed interface Entry {

  /**
   * The digits of a version, enough for 2^53 - 1; fixed, so that the document begins at one place.
   */
  int VERSION_DIGITS = 16;

  /** The offset of the document. */
  int HEADER_LENGTH = 1 + VERSION_DIGITS;

  /** The bytes of the document that it holds. */
  default int length() {
    return this instanceof Known known ? known.row().length() : 0;
  }

  /** The key does not exist. */
  record Missing() implements Entry {
    static final Missing INSTANCE = new Missing();
  }

  /** The product as the store had it, or its absence. */
  record Known(Row row) implements Entry {}

  /** A reader is reading the store for this key and may fill it. */
  record Lease(String token) implements Entry {}

  /** A write is in progress: read the store, and do not fill the key. */
  record Fence() implements Entry {
    public static final Fence INSTANCE = new Fence();
  }

  /** Parses the value of a key; null if the key does not exist. */
  static Entry parse(ProductId productId, Buffer value) {
    if (value == null) {
      return Missing.INSTANCE;
    }
    // A value in an unknown format is treated like a fence: read the store, and do not fill the
    // key.
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

  /** Formats a row for Redis. */
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
