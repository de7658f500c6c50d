package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.KeyFiles;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.renewal.FileWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The keys that are accepted now: those of the start, until their files have others. Thread-safe.
 */
final class LiveKeys {

  private volatile AccessSettings access;
  private volatile String management;

  LiveKeys(Configuration configuration) {
    access = configuration.http().access();
    management = configuration.management().key();
  }

  /** Takes over what the files will have, for as long as the Vert.x runs. */
  void follow(KeyFiles files, Vertx vertx) {
    follow(files.access(), vertx, access, now -> access = now);
    follow(files.management(), vertx, management, now -> management = now);
  }

  private static <T> void follow(
      Optional<KeyFiles.Source<T>> keys, Vertx vertx, T now, Consumer<T> taken) {
    keys.ifPresent(
        source ->
            FileWatch.start(
                vertx,
                "The keys of " + source.setting(),
                now,
                source.reader()::get,
                changed -> {
                  taken.accept(changed);
                  return Future.succeededFuture();
                }));
  }

  /** Who may write. */
  AccessSettings access() {
    return access;
  }

  /** The key of the management port; empty for none. */
  String management() {
    return management;
  }
}
