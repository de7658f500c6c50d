package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Routes;
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
 * Serves the pictures and videos of the sample products. Their names contain a hash of their
 * content, so caches may keep them forever. Confined to one event loop.
 *
 * <p>It serves only the files that it found at the start. Otherwise a request could search the
 * class path or unpack a jar, and others would wait for the same lock.
 */
public final class SampleFiles {

  private final Map<String, Path> files;

  private SampleFiles(Map<String, Path> files) {
    this.files = files;
  }

  /**
   * Finds the files of a folder on the class path; Vert.x unpacks them if it is in a jar.
   *
   * @param folder if it is missing, no files are served
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

  /** Adds the route. */
  public void install(Routes routes) {
    String path = "/samples/*";
    if (files.isEmpty()) {
      routes.read(path, SampleFiles::missing);
      return;
    }
    Path folder = files.values().iterator().next().getParent();
    StaticHandler staticHandler =
        StaticHandler.create(FileSystemAccess.ROOT, folder.toString())
            .setAlwaysAsyncFS(true)
            .setSendVaryHeader(false);
    routes.read(path, List.of(this::setHeaders, staticHandler, SampleFiles::missing));
  }

  /** Sets the headers that the static handler would set differently, or for GET only. */
  private void setHeaders(RoutingContext context) {
    String name = context.pathParam("*");
    if (!files.containsKey(name)) {
      missing(context);
      return;
    }
    if (context.request().method().equals(HttpMethod.HEAD)) {
      // A range applies to GET only (RFC 9110, section 14.2); the static handler would apply it.
      context.request().headers().remove("Range");
    }
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, mediaType(name))
        .putHeader(HttpHeaders.CACHE_CONTROL, Asset.FOREVER);
    Asset.forbidSniffing(context.response());
    context.next();
  }

  private static void missing(RoutingContext context) {
    context.fail(Problems.noSuchResource(context));
  }

  /** Returns the media type of a picture or a video, or null for other files. */
  private static String mediaType(String name) {
    String type = MimeMapping.mimeTypeForFilename(name);
    boolean shown = type != null && (type.startsWith("image/") || type.startsWith("video/"));
    return shown ? type : null;
  }
}
