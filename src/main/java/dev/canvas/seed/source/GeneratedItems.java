package dev.canvas.seed.source;

import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Writes the item arrays of generated products: seven images and two videos each. They reuse the
 * files of the sample catalogue under URLs that are unique to the product.
 *
 * <p>The arrays come from templates that are serialised once. A product costs no more than copying
 * a template's bytes around its id. Immutable.
 */
final class GeneratedItems {

  /** Items of a product. */
  static final int COUNT = 9;

  private static final int IMAGES = 7;
  private static final int TEMPLATES = 256;
  private static final int MAX_DIGITS = 19;

  /** Marks where a template takes the product id. */
  private static final String PLACEHOLDER = "\u0001";

  private final byte[][][] templates = new byte[TEMPLATES][][];
  private final long randomSeed;
  private final int maxLength;

  GeneratedItems(SampleCatalogue samples, long randomSeed) {
    this.randomSeed = randomSeed;
    Random random = new Random(randomSeed);
    int longest = 0;
    for (int i = 0; i < TEMPLATES; i++) {
      templates[i] = template(samples.products(), random);
      int length = 0;
      for (byte[] piece : templates[i]) {
        length += piece.length + MAX_DIGITS;
      }
      longest = Math.max(longest, length);
    }
    this.maxLength = longest;
  }

  /** The length of the longest array, in bytes. */
  int maxLength() {
    return maxLength;
  }

  /**
   * Writes the array of a product.
   *
   * @param target of at least {@link #maxLength} bytes
   * @return the array's length
   */
  int write(long productId, byte[] target) {
    byte[][] pieces = templates[(int) (mixed(randomSeed ^ productId) & (TEMPLATES - 1))];
    byte[] digits = Long.toString(productId).getBytes(StandardCharsets.ISO_8859_1);
    int length = 0;
    for (int i = 0; i < pieces.length; i++) {
      byte[] piece = pieces[i];
      System.arraycopy(piece, 0, target, length, piece.length);
      length += piece.length;
      if (i < pieces.length - 1) {
        System.arraycopy(digits, 0, target, length, digits.length);
        length += digits.length;
      }
    }
    return length;
  }

  /** Returns a serialised array, split where the product id goes. */
  private static byte[][] template(List<SampleCatalogue.Product> samples, Random random) {
    List<MediaItem> chosen = new ArrayList<>();
    List<SampleCatalogue.Product> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, random);
    List<MediaItem> sampleItems =
        shuffled.stream()
            .flatMap(sample -> ItemsJson.decode(Buffer.buffer(sample.items())).stream())
            .toList();
    for (MediaItem.Type type : MediaItem.Type.values()) {
      sampleItems.stream()
          .filter(item -> item.type() == type)
          .limit(type == MediaItem.Type.IMAGE ? IMAGES : COUNT - IMAGES)
          .forEach(item -> chosen.add(copy(item, chosen.size() + 1)));
    }
    String[] texts = ItemsJson.encode(chosen).toString().split("\\\\u0001", -1);
    byte[][] pieces = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      pieces[i] = texts[i].getBytes(StandardCharsets.UTF_8);
    }
    return pieces;
  }

  /**
   * Copies an item; the alt text comes from a file name such as {@code
   * meridian-left.51369086.webp}.
   */
  private static MediaItem copy(MediaItem item, long id) {
    String name = item.url().substring(item.url().lastIndexOf('/') + 1).split("[.]", 2)[0];
    String alt = Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('-', ' ');
    return new MediaItem(
        id,
        item.type(),
        item.url() + "?" + PLACEHOLDER,
        alt,
        false,
        item.width(),
        item.height(),
        null,
        null,
        null,
        null,
        List.of());
  }

  /** The finalizer of MurmurHash3 (A. Appleby): spreads adjacent ids over the templates. */
  private static long mixed(long number) {
    long mixed = (number ^ (number >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
