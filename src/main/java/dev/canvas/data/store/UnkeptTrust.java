package dev.canvas.data.store;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** For a store that does not record which Redis may be trusted: every one is. Immutable. */
public record UnkeptTrust(Supplier<Future<Generation>> reader) implements CacheTrust {

  @Override
  public boolean isKept() {
    return false;
  }

  @Override
  public Future<Generation> generation() {
    return reader.get();
  }

  @Override
  public Future<Generation> distrust() {
    return reader.get();
  }

  @Override
  public Future<Boolean> settle(long generation) {
    return Future.succeededFuture(true);
  }

  @Override
  public Future<Boolean> trust(long generation, String redis) {
    return Future.succeededFuture(true);
  }
}
