package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.ItemPatch;
import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.Precondition;
import dev.canvas.media.ProductId;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Encodes changes for the wire between nodes: a letter for the kind, the product, the precondition,
 * then the members of the kind.
 */
final class ChangeWire {

  private static final byte REPLACE = 'R';
  private static final byte IMPORT = 'I';
  private static final byte ADD = 'A';
  private static final byte UPDATE = 'U';
  private static final byte REMOVE = 'X';
  private static final byte ORDER = 'O';
  private static final byte DELETE = 'D';
  private static final byte SLOTS = 'S';

  private static final int END = -1;

  private ChangeWire() {}

  static void write(Buffer wire, Change change) {
    if (change instanceof Change.Replace replace) {
      begin(wire, REPLACE, change);
      Wire.writeBytes(wire, ItemsJson.encode(replace.items()));
    } else if (change instanceof Change.Import imported) {
      begin(wire, IMPORT, change);
      Wire.writeBytes(wire, imported.imported().array());
    } else if (change instanceof Change.Add add) {
      begin(wire, ADD, change);
      Wire.writeBytes(wire, ItemsJson.encode(List.of(add.item())));
      wire.appendInt(add.position().orElse(END));
    } else if (change instanceof Change.Update update) {
      begin(wire, UPDATE, change);
      wire.appendLong(update.itemId());
      Wire.writeText(wire, update.patch().json());
    } else if (change instanceof Change.Remove remove) {
      begin(wire, REMOVE, change);
      wire.appendLong(remove.itemId());
    } else if (change instanceof Change.Order order) {
      begin(wire, ORDER, change);
      Wire.writeList(wire, order.order(), Buffer::appendLong);
    } else if (change instanceof Change.Delete) {
      begin(wire, DELETE, change);
    } else if (change instanceof Change.Slots slots) {
      begin(wire, SLOTS, change);
      Wire.writeFlag(wire, slots.all());
      writeSlots(wire, slots.images());
      writeSlots(wire, slots.videos());
    }
  }

  static Change read(Wire.Reader wire) {
    byte kind = wire.readByte();
    ProductId productId = wire.readId();
    Precondition precondition = readPrecondition(wire);
    return switch (kind) {
      case REPLACE -> new Change.Replace(productId, readItems(wire), precondition);
      case IMPORT -> new Change.Import(productId, readItems(wire), precondition);
      case ADD ->
          new Change.Add(productId, readItems(wire).get(0), readPosition(wire), precondition);
      case UPDATE ->
          new Change.Update(
              productId, wire.readLong(), new ItemPatch(wire.readText()), precondition);
      case REMOVE -> new Change.Remove(productId, wire.readLong(), precondition);
      case ORDER -> new Change.Order(productId, wire.readList(Wire.Reader::readLong), precondition);
      case DELETE -> new Change.Delete(productId, precondition);
      case SLOTS ->
          new Change.Slots(
              productId, wire.readFlag(), readSlots(wire), readSlots(wire), precondition);
      default -> throw new IllegalStateException("unknown kind of change: '" + (char) kind + "'");
    };
  }

  private static void begin(Buffer wire, byte kind, Change change) {
    wire.appendByte(kind);
    Wire.writeId(wire, change.productId());
    Wire.writeText(wire, change.precondition().kind().name());
    Wire.writeList(wire, List.copyOf(change.precondition().versions()), Buffer::appendLong);
  }

  private static Precondition readPrecondition(Wire.Reader wire) {
    Precondition.Kind kind = Precondition.Kind.valueOf(wire.readText());
    return new Precondition(kind, new HashSet<>(wire.readList(Wire.Reader::readLong)));
  }

  private static List<MediaItem> readItems(Wire.Reader wire) {
    return ItemsJson.decode(wire.readBytes());
  }

  private static OptionalInt readPosition(Wire.Reader wire) {
    int position = wire.readInt();
    return position == END ? OptionalInt.empty() : OptionalInt.of(position);
  }

  private static void writeSlots(Buffer wire, Map<Integer, String> slots) {
    wire.appendInt(slots.size());
    slots.forEach(
        (slot, url) -> {
          wire.appendInt(slot);
          Wire.writeText(wire, url);
        });
  }

  private static Map<Integer, String> readSlots(Wire.Reader wire) {
    Map<Integer, String> slots = new HashMap<>();
    int size = wire.readInt();
    for (int i = 0; i < size; i++) {
      slots.put(wire.readInt(), wire.readText());
    }
    return slots;
  }
}
