package dev.canvas.http.page;

import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.file.FileProps;
import io.vertx.core.file.FileSystem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves the pictures and videos of the sample products. Their names contain a hash of their
 * content, so caches may keep them forever. Confined to one event loop.
 *
 * <p>It looks for them when the first is asked for, as that unpacks the jar, and serves only what
 * it found then. Otherwise each request could search the class path, and others would wait for the
 * same lock.
 */
public final class SampleFiles {

  private final String folder;

  /** By name; null until one is asked for. */
  private Future<Map<String, File>> files;

  /**
   * @param folder on the class path; if it is missing, no files are served
   */
  public SampleFiles(String folder) {
    this.folder = folder;
  }

  /** A file as it was found. Immutable. */
  private record File(String path, long size, Instant modified) {

    static File of(String path, FileProps found) {
      return new File(
          path,
          found.size(),
          Instant.ofEpochMilli(found.lastModifiedTime()).truncatedTo(ChronoUnit.SECONDS));
    }

    String name() {
      return Path.of(path).getFileName().toString();
    }

    /** The name has a hash of the content. */
    String tag() {
      return '"' + name() + '"';
    }
  }

  /** Adds the route. */
  public void install(Routes routes) {
    routes.read(
        "/samples/*",
        context ->
            files(context.vertx().fileSystem())
                .onComplete(
                    found -> send(context, found.get(context.pathParam("*"))),
                    failure -> context.fail(failure)));
  }

  private Future<Map<String, File>> files(FileSystem fileSystem) {
    if (files == null) {
      files = find(fileSystem).onFailure(failure -> files = null);
    }
    return files;
  }

  /** Finds the files; Vert.x unpacks them if the folder is in a jar. */
  private Future<Map<String, File>> find(FileSystem fileSystem) {
    return fileSystem
        .exists(folder)
        .compose(exists -> exists ? fileSystem.readDir(folder) : Future.succeededFuture(List.of()))
        .compose(
            paths ->
                Future.all(
                    paths.stream()
                        .filter(path -> mediaType(path) != null)
                        .map(path -> fileSystem.props(path).map(found -> File.of(path, found)))
                        .toList()))
        .map(
            found ->
                found.<File>list().stream()
                    .collect(Collectors.toUnmodifiableMap(File::name, Function.identity())));
  }

  private static void send(RoutingContext context, File file) {
    if (file == null) {
      missing(context);
      return;
    }
    FileSelection selection =
        FileSelection.of(context.request(), file.tag(), file.modified(), file.size());
    HttpServerResponse response = context.response();
    switch (selection.status()) {
      case 412 ->
          context.fail(
              Problem.PRECONDITION_FAILED.because(
                  "The file is not the one that If-Match or If-Unmodified-Since names"));
      case 416 -> {
        response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size());
        context.fail(416);
      }
      case 304 -> setHeaders(response, file).setStatusCode(304).end();
      default -> send(context, file, selection);
    }
  }

  private static void send(RoutingContext context, File file, FileSelection selection) {
    HttpServerResponse response =
        setHeaders(context.response(), file)
            .setStatusCode(selection.status())
            .putHeader(HttpHeaders.CONTENT_TYPE, mediaType(file.path()))
            .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(selection.length()));
    if (selection.status() == 206) {
      response.putHeader(
          HttpHeaders.CONTENT_RANGE,
          "bytes %d-%d/%d"
              .formatted(
                  selection.offset(), selection.offset() + selection.length() - 1, file.size()));
    }
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response
          .sendFile(file.path(), selection.offset(), selection.length())
          .onFailure(gone -> withdrawn(context));
    }
  }

  /** The file is gone since the start, or the client is. */
  private static void withdrawn(RoutingContext context) {
    if (!context.response().headWritten()) {
      List.of(HttpHeaders.LAST_MODIFIED, HttpHeaders.ACCEPT_RANGES, HttpHeaders.CONTENT_RANGE)
          .forEach(context.response().headers()::remove);
      missing(context);
    }
  }

  private static HttpServerResponse setHeaders(HttpServerResponse response, File file) {
    return Asset.allowAnyOrigin(response)
        .putHeader(HttpHeaders.CACHE_CONTROL, Asset.FOREVER)
        .putHeader(HttpHeaders.ETAG, file.tag())
        .putHeader(HttpHeaders.LAST_MODIFIED, FileSelection.text(file.modified()))
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
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
