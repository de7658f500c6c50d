package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

  private static final ProductId ID = new ProductId(42);

  @Test
  void aValueKeepsItsVersionAndTheDocumentsBytes() {
    ProductMedia media = ProductMedia.splice(ID, ProductId.MAX, Buffer.buffer("[\"ä\"]"));
    Row row = new Row(ID, ProductId.MAX, Optional.of(media));
    assertEquals(new Entry.Known(row), Entry.parse(ID, Entry.format(row)));
  }

  @Test
  void anAbsenceKeepsItsVersion() {
    Row row = new Row(ID, 7, Optional.empty());
    assertEquals(new Entry.Known(row), Entry.parse(ID, Entry.format(row)));
  }

  @Test
  void aLeaseKeepsItsToken() {
    assertEquals(new Entry.Lease("abc:1"), Entry.parse(ID, Buffer.buffer("Labc:1")));
  }

  @Test
  void aKeyThatDoesNotExistIsMissing() {
    assertInstanceOf(Entry.Missing.class, Entry.parse(ID, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "F1", "V", "V0000000000000001", "A1", "{\"product_id\":1}", "x"})
  void whatIsNotUnderstoodIsServedFromTheStore(String value) {
    assertInstanceOf(Entry.Fence.class, Entry.parse(ID, Buffer.buffer(value)));
  }
}
