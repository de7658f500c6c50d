package dev.canvas.http.page;

import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pictures and videos of the sample products. Their names hold a hash of their content, so that
 * they may be kept for ever. Belongs to one event loop.
 *
 * <p>Only files that were there at the start are served, so that no request makes the class path
 * searched, or a jar unpacked, while others wait for the same lock.
 */
public final class SampleFiles {

  private final Map<String, Path> files;

  private SampleFiles(Map<String, Path> files) {
    this.files = files;
  }

  /**
   * Finds the files of a folder of the class path, which Vert.x unpacks where it is in a jar.
   *
   * @param folder may be missing: then there are no files
   */
  public static Future<SampleFiles> find(FileSystem fileSystem, String folder) {
    return fileSystem
        .exists(folder)
        .compose(exists -> exists ? fileSystem.readDir(folder) : Future.succeededFuture(List.of()))
        .map(paths -> new SampleFiles(index(paths)));
  }

  private static Map<String, Path> index(List<String> paths) {
    return paths.stream()
        .map(Path::of)
        .filter(path -> mediaType(path.getFileName().toString()) != null)
        .collect(Collectors.toUnmodifiableMap(path -> path.getFileName().toString(), path -> path));
  }

  public void install(Routes routes) {
    String path = "/samples/*";
    if (files.isEmpty()) {
      routes.read(path, SampleFiles::missing);
      return;
    }
    Path folder = files.values().iterator().next().getParent();
    StaticHandler sender =
        StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
            .setAlwaysAsyncFS(true)
            .setSendVaryHeader(false);
    routes.read(path, List.of(this::prepare, sender, SampleFiles::missing));
  }

  /** Sets what the sender sets otherwise or for GET only. */
  private void prepare(RoutingContext context) {
    String name = context.pathParam("*");
    if (!files.containsKey(name)) {
      missing(context);
      return;
    }
    if (context.request().method().equals(HttpMethod.HEAD)) {
      // RFC 9110, section 14.2: a range is for GET alone; the sender would count its bytes only.
      context.request().headers().remove("Range");
    }
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, mediaType(name))
        .putHeader(HttpHeaders.CACHE_CONTROL, Asset.FOREVER)
        .putHeader(Html.CONTENT_TYPE_OPTIONS, Html.NOSNIFF);
    context.next();
  }

  private static void missing(RoutingContext context) {
    context.fail(
        Problem.NO_SUCH_RESOURCE.because("There is nothing at %s", context.request().path()));
  }

  /** The media type of a picture or a video, or null. */
  private static String mediaType(String name) {
    String type = MimeMapping.mimeTypeForFilename(name);
    boolean shown = type != null && (type.startsWith("image/") || type.startsWith("video/"));
    return shown ? type : null;
  }
}
