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
 * Item arrays of products that nobody has photographed: seven pictures and two videos each, which
 * show those of the sample catalogue under URLs of their own. The texts between the product's
 * numbers are made once, so that a product costs the copying of its bytes. Immutable.
 */
public final class GeneratedItems {

  /** Items of a product. */
  static final int COUNT = 9;

  private static final int IMAGES = 7;
  private static final int TEMPLATES = 256;
  private static final int MAX_DIGITS = 19;

  /** Where the product's number goes. */
  private static final String PLACE = "\u0001";

  private final byte[][][] templates = new byte[TEMPLATES][][];
  private final long randomSeed;
  private final int maxLength;

  public GeneratedItems(SampleCatalogue samples, long randomSeed) {
    this.randomSeed = randomSeed;
    Random random = new Random(randomSeed);
    int longest = 0;
    for (int i = 0; i < TEMPLATES; i++) {
      templates[i] = pieces(samples.products(), random);
      int length = 0;
      for (byte[] piece : templates[i]) {
        length += piece.length + MAX_DIGITS;
      }
      longest = Math.max(longest, length);
    }
    this.maxLength = longest;
  }

  /** The length of the longest array. */
  int maxLength() {
    return maxLength;
  }

  /**
   * Writes a product's array.
   *
   * @return its length
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

  private static byte[][] pieces(List<StoredProduct> samples, Random random) {
    List<MediaItem> chosen = new ArrayList<>();
    List<StoredProduct> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, random);
    List<MediaItem> there =
        shuffled.stream()
            .flatMap(sample -> ItemsJson.decode(Buffer.buffer(sample.items())).stream())
            .toList();
    for (MediaItem.Type type : MediaItem.Type.values()) {
      there.stream()
          .filter(item -> item.type() == type)
          .limit(type == MediaItem.Type.IMAGE ? IMAGES : COUNT - IMAGES)
          .forEach(item -> chosen.add(likeIt(item, chosen.size() + 1)));
    }
    String[] texts = ItemsJson.encode(chosen).toString().split("\\\\u0001", -1);
    byte[][] pieces = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      pieces[i] = texts[i].getBytes(StandardCharsets.UTF_8);
    }
    return pieces;
  }

  /** The same file, called after its name, such as {@code meridian-left.51369086.webp}. */
  private static MediaItem likeIt(MediaItem item, long id) {
    String name = item.url().substring(item.url().lastIndexOf('/') + 1).split("[.]", 2)[0];
    String alt = Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('-', ' ');
    return new MediaItem(
        id,
        item.type(),
        item.url() + "?" + PLACE,
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

  /** The finalizer of MurmurHash3 (A. Appleby): neighbours become strangers. */
  private static long mixed(long number) {
    long mixed = (number ^ (number >>> 33)) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
