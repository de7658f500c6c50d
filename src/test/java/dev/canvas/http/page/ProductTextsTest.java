package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.canvas.http.RunningHttp;
import dev.canvas.media.ProductId;
import org.junit.jupiter.api.Test;

class ProductTextsTest {

  @Test
  void textIsFoundByProductId() throws Exception {
    ProductTexts.ProductText text = ProductTexts.read(RunningHttp.PRODUCTS).of(new ProductId(1));
    assertEquals(new ProductTexts.ProductText("Meridian Runner", "A light daily trainer."), text);
  }

  @Test
  void productWithoutANameKeepsItsDescription() throws Exception {
    ProductTexts.ProductText text = ProductTexts.read(RunningHttp.PRODUCTS).of(new ProductId(3));
    assertEquals(new ProductTexts.ProductText("Product 3", "It has no name."), text);
  }

  @Test
  void withoutTheResourceTheNameIsTheProductNumber() throws Exception {
    ProductTexts.ProductText text = ProductTexts.read("there/is/none.ndjson").of(new ProductId(42));
    assertEquals("Product 42", text.name());
    assertNull(text.description());
  }
}
