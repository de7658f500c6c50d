package dev.canvas.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Scripts that import each other by relative addresses, in a folder of their own whose address
 * changes with any of them, so that all may be kept for ever and none meets another release's.
 * Immutable.
 *
 * @param files the scripts; the first is the one that a page names
 */
record Modules(List<Asset> files) {

  private static final CharSequence JAVASCRIPT =
      HttpHeaders.createOptimized("text/javascript; charset=utf-8");

  Modules {
    files = List.copyOf(files);
  }

  /**
   * Reads scripts of this package's resource folder {@code assets}. Blocks.
   *
   * @param folder where they are in it, and what their folder on this site is called
   */
  static Modules read(String folder, String... names) throws IOException {
    var all = new ByteArrayOutputStream();
    List<byte[]> contents = new ArrayList<>();
    for (String name : names) {
      byte[] content = Asset.content(folder + '/' + name);
      contents.add(content);
      all.writeBytes(content);
    }
    String path = "/assets/" + folder + '.' + Asset.hash(all.toByteArray()) + '/';
    List<Asset> files = new ArrayList<>();
    for (int index = 0; index < names.length; index++) {
      files.add(new Asset(path + names[index], JAVASCRIPT, Buffer.buffer(contents.get(index))));
    }
    return new Modules(files);
  }

  /** The address of the script that starts the others. */
  String main() {
    return files.get(0).path();
  }

  /** The addresses of those that it imports, to be fetched beside it and not after it. */
  List<String> imported() {
    return files.stream().skip(1).map(Asset::path).toList();
  }

  void install(Routes routes) {
    files.forEach(file -> file.install(routes));
  }
}
