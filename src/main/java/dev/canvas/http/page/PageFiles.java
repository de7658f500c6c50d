package dev.canvas.http.page;

import dev.canvas.media.MediaRules;
import java.io.IOException;

/**
 * What the pages are made of, read once for all HTTP verticles of a process. Thread-safe.
 *
 * @param rules decides whether pages may load media over http
 * @param texts the names and descriptions of the products
 * @param panel the script of the panel on product pages
 * @param covers the script of the catalogue
 * @param released the gallery modules of earlier releases
 * @param docs the page for developers
 */
public record PageFiles(
    MediaRules rules,
    ProductTexts texts,
    Html html,
    Editor editor,
    Asset panel,
    Asset covers,
    ReleasedModules released,
    InterfaceDocs docs) {

  /**
   * Reads them from the class path. Blocks for some tenths of a second.
   *
   * @param products the resource with the names and descriptions of the products
   * @param open whether writing needs no credential
   * @param operators whether pages show what is for operators
   */
  public static PageFiles read(MediaRules rules, String products, boolean open, boolean operators)
      throws IOException {
    ProductTexts texts = ProductTexts.read(products);
    return new PageFiles(
        rules,
        texts,
        Html.read(rules, operators),
        Editor.read(texts, open),
        Asset.readModule("panel"),
        Asset.readModule("covers"),
        ReleasedModules.read(),
        InterfaceDocs.read());
  }
}
